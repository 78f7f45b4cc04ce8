#ifndef MARTLET_CSCAN_H
#define MARTLET_CSCAN_H

#include "compare.h"
#include "fields.h"
#include "room.h"
#include "scan.h"

#endif
