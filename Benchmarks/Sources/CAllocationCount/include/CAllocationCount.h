#pragma once

/// How often this process has asked for heap memory (malloc, calloc, realloc of nothing, aligned allocations) so far.
unsigned long allocation_count(void);
