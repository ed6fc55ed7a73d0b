#ifndef GLOSS_COPENBLAS_SHIM_H
#define GLOSS_COPENBLAS_SHIM_H

#include <cblas.h>

#endif
