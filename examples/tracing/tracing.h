/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What programs on kernel functions need: registers, helpers by their numbers, and reads that are relocated for the kernel's types.
 */
#ifndef TRACING_H
#define TRACING_H

#include "bpfz.h"

typedef unsigned short u16;

/* A declaration of which each program has only the fields that it asks for; where they are on a kernel is for the loader to find. */
#define RELOCATED __attribute__((preserve_access_index))

static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const bpf_trace_printk)(const char *format, u32 size, ...) = (void *)6;
static long (*const bpf_override_return)(void *registers, u64 result) = (void *)58;
static long (*const bpf_probe_read_kernel)(void *to, u32 size, const void *from) = (void *)113;

/* The registers of x86-64 that arguments and results are in. */
struct pt_regs {
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long ax;
} RELOCATED;

#define ARGUMENT_1(registers) ((registers)->di)
#define ARGUMENT_3(registers) ((registers)->dx)

/* Copies a field of a kernel object behind a pointer. */
#define READ(into, field) bpf_probe_read_kernel(&(into), sizeof(into), __builtin_preserve_access_index(&(field)))

#define FIELD_EXISTS(field) __builtin_preserve_field_info(field, 2)

enum { ANY = 0, NOEXIST = 1 };

#endif
