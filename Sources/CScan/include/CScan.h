#ifndef MARTLET_CSCAN_H
#define MARTLET_CSCAN_H

#include "bounds.h"
#include "compare.h"
#include "fields.h"
#include "products.h"
#include "room.h"
#include "scan.h"

#endif
