/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * All that a compressor program needs and no other header: the context, the helpers by their numbers and the notation for maps.
 *
 * With LIVE defined the same sources become programs that an unpatched kernel loads and runs: SEC("syscall"), whose context the caller
 * of BPF_PROG_TEST_RUN provides. There, offset is the address of the data in the caller's memory, and LZO is not to be had.
 */
#ifndef BPFZ_H
#define BPFZ_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

struct compress_ctx {
	union {
		struct {
			s64 offset;
			u64 size;
		};
		struct {
			u32 uid;
			u32 gid;
		};
	};
};

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))

/*
 * The compiler forgets what it knows of memory: it reads again what it could have kept in a register, and makes no call of memset or
 * memcpy, which a BPF program has not, of a loop.
 */
#define BARRIER __asm__ volatile("" ::: "memory")

#ifdef LIVE
#define DECIDE SECTION("syscall")
#define VERIFY SECTION("syscall")
#else
#define DECIDE SECTION("compressor/decide")
#define VERIFY SECTION("compressor/verify")
#endif

/* A kernel may keep helpers for programs under the GPL, so the object says that these sources may be had under it. */
#define LICENCE(text) const char licence[] SECTION("license") = text

/*
 * A map is a global struct in section ".maps" whose members' types say what the map is like: a number is the length of an array that
 * a pointer points to, a key or value the type that a pointer points to.
 */
#define MAP SECTION(".maps")
#define NUMBER(name, value) int(*name)[value]
#define TYPE(name, type) type *name

enum {
	MAP_TYPE_HASH = 1,
	MAP_TYPE_PERCPU_ARRAY = 6,
};

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_loop)(u32 count, void *callback, void *data, u64 flags) = (void *)181;

#ifdef LIVE
static long (*const bpf_copy_from_user)(void *to, u32 size, const void *from) = (void *)148;

INLINE long bpf_copy_from_buffer(struct compress_ctx *ctx, u64 offset, void *to, u64 size)
{
	return bpf_copy_from_user(to, size, (const void *)(ctx->offset + offset));
}

INLINE long bpf_lzo_compress(struct compress_ctx *ctx)
{
	return ctx->size;
}
#else
static long (*const bpf_copy_from_buffer)(void *ctx, u64 offset, void *to, u64 size) = (void *)212;
static long (*const bpf_lzo_compress)(void *ctx) = (void *)213;
#endif

#endif
