/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * How programs were written for kernels and loaders that know nothing of BTF: maps are structs of numbers in a section of their own,
 * registers lie where they lie on x86-64, and the object names the kernel version that it is for.
 */
#ifndef LEGACY_H
#define LEGACY_H

#include "bpfz.h"

struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags, inner_map_idx;
};

#define LEGACY_MAP SECTION("maps")
#define FOR_KERNEL(major, minor, patch) u32 kernel_version SECTION("version") = (major) << 16 | (minor) << 8 | (patch)

static long (*const legacy_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const legacy_read)(void *to, u32 size, const void *from) = (void *)4;
static long (*const legacy_print)(const char *format, u32 size, ...) = (void *)6;

/* dx is the thirteenth register of struct pt_regs: the third argument. */
#define THIRD_ARGUMENT(registers) ((const unsigned long *)(registers) + 12)

#endif
