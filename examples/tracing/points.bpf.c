/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * One program for each other way to be called: tracepoints by their record and by their arguments, and a function's entry and exit with and
 * without trampolines. What they see they keep in global variables.
 */
#include "tracing.h"

struct bvec_iter {
	u64 bi_sector;
	u32 bi_size;
} RELOCATED;

struct bio {
	struct bvec_iter bi_iter;
} RELOCATED;

/* The record of block:block_bio_queue; the bytes that all records begin with are out of reach. */
struct queued {
	u64 common;
	u32 dev;
	u64 sector;
	u32 nr_sector;
	char rwbs[8];
	char comm[16];
};

struct entered {
	u64 common;
	s64 id;
	u64 arguments[6];
};

u64 queued_sectors;
u64 written_sectors;
u64 last_sector;
u64 written_bytes;
u64 returned_bytes;
u64 failures;
s64 verdict;
u64 entries;
u64 exits;

SECTION("tracepoint/block/block_bio_queue") int by_record(struct queued *record)
{
	queued_sectors += record->nr_sector;
	if (record->rwbs[0] == 'W')
		written_sectors += record->nr_sector;
	return 0;
}

SECTION("raw_tracepoint/block_bio_queue") int by_argument(u64 *arguments)
{
	const struct bio *bio = (const struct bio *)arguments[0];

	READ(last_sector, bio->bi_iter.bi_sector);
	return 0;
}

/* write(2) is number 1 on x86-64, and its third argument says how many bytes. */
SECTION("tracepoint/raw_syscalls/sys_enter") int by_call(struct entered *record)
{
	if (record->id == 1)
		written_bytes += record->arguments[2];
	return 0;
}

SECTION("tp_btf/sys_exit") int by_result(u64 *arguments)
{
	s64 result = arguments[1];

	if (result < 0)
		failures++;
	else
		returned_bytes += result;
	return 0;
}

SECTION("fentry/should_fail_bio") int entry(u64 *arguments)
{
	entries += arguments[0] != 0;
	return 0;
}

SECTION("fexit/should_fail_bio") int result(u64 *arguments)
{
	verdict = (s32)arguments[1];
	return 0;
}

SECTION("kretprobe/should_fail_bio") int returned(struct pt_regs *registers)
{
	exits += (s32)registers->ax == verdict;
	return 0;
}

LICENCE("GPL");
