#ifndef MARTLET_CSCAN_H
#define MARTLET_CSCAN_H

#include "room.h"
#include "scan.h"

#endif
