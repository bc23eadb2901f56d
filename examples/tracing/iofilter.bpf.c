/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Lets I/O to chosen sectors of chosen block devices fail with EIO, on either of two ways: by the result of an fmod_ret program, and by a
 * kprobe that overrides the function's result, for kernels without trampolines.
 *
 * An I/O is filtered if its first or its last sector is in a range. One that begins before a range and ends behind it therefore passes:
 * that is how the program that this one is written after decides, and is kept.
 */
#include "tracing.h"
#include "iofilter.h"

#define MINOR_BITS 20
#define OPERATION_MASK 0xff
#define SECTOR_SHIFT 9
#define EIO 5

enum { OP_READ = 0, OP_WRITE = 1 };

struct block_device {
	u32 bd_dev;
} RELOCATED;

struct bvec_iter {
	u64 bi_sector;
	u32 bi_size;
} RELOCATED;

struct bio {
	u32 bi_opf;
	struct block_device *bi_bdev;
	struct bvec_iter bi_iter;
} RELOCATED;

struct {
	NUMBER(type, MAP_TYPE_HASH);
	NUMBER(max_entries, MAX_DEVICES);
	TYPE(key, struct iofilter_dev);
	TYPE(value, struct iofilter);
} iofilter_map MAP;

/* The operations that are looked at; set before the programs are loaded. */
const volatile u32 opf = FILTER_READ | FILTER_WRITE;

INLINE int inside(u64 sector, const struct sector_range *range)
{
	return sector >= range->sector_start && sector <= range->sector_end;
}

INLINE int apply(struct bio *bio)
{
	struct block_device *device = 0;
	struct iofilter_dev key = {};
	struct iofilter *filter;
	u32 operation = 0, size = 0, number = 0, wanted;
	u64 first = 0, last;

	READ(operation, bio->bi_opf);
	operation &= OPERATION_MASK;
	wanted = operation == OP_WRITE ? FILTER_WRITE : operation == OP_READ ? FILTER_READ : 0;
	if (!(wanted & opf))
		return 0;
	READ(device, bio->bi_bdev);
	READ(number, device->bd_dev);
	key.major = number >> MINOR_BITS;
	key.minor = number & ((1 << MINOR_BITS) - 1);
	filter = bpf_map_lookup_elem(&iofilter_map, &key);
	if (!filter)
		return 0;
	READ(size, bio->bi_iter.bi_size);
	READ(first, bio->bi_iter.bi_sector);
	last = first + (size >> SECTOR_SHIFT) - 1;
	for (u32 i = 0; i < MAX_SECTOR_RANGES && i < filter->num_sector_ranges; i++) {
		const struct sector_range *range = &filter->sector_ranges[i];

		if (!(range->opf & wanted))
			continue;
		if (inside(first, range) || inside(last, range))
			return -EIO;
	}
	return 0;
}

SECTION("fmod_ret/should_fail_bio") int iofilter_fmod_ret(u64 *arguments)
{
	return apply((struct bio *)arguments[0]);
}

SECTION("?kprobe/should_fail_bio") int iofilter_kprobe(struct pt_regs *registers)
{
	int result = apply((struct bio *)ARGUMENT_1(registers));

	if (result)
		bpf_override_return(registers, result);
	return 0;
}

LICENCE("GPL");
