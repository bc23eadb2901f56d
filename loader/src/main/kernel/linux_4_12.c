/* SPDX-License-Identifier: Apache-2.0 */
/* The types of the modelled Linux 4.12, as somebody might have made them for a kernel that has none itself. */
#include "declarations.h"

enum req_opf {
	REQ_OP_READ = 0,
	REQ_OP_WRITE = 1,
	REQ_OP_FLUSH = 2,
	REQ_OP_DISCARD = 3,
};

struct gendisk {
	int major;
	int first_minor;
	int minors;
	char disk_name[32];
};

struct block_device {
	dev_t bd_dev;
	int bd_openers;
	struct gendisk *bd_disk;
};

struct bvec_iter {
	sector_t bi_sector;
	unsigned int bi_size;
	unsigned int bi_idx;
	unsigned int bi_done;
	unsigned int bi_bvec_done;
};

struct bio {
	struct bio *bi_next;
	struct block_device *bi_bdev;
	int bi_error;
	unsigned int bi_opf;
	unsigned short bi_flags;
	unsigned short bi_ioprio;
	struct bvec_iter bi_iter;
};

struct task_struct {
	long state;
	void *stack;
	unsigned int flags;
	struct task_struct *real_parent;
	pid_t pid;
	pid_t tgid;
	char comm[16];
};

struct tcp_sock {
	u32 srtt_us;
	struct minmax_sample rtt_min[3];
};

void *memcpy(void *to, const void *from, size_t size)
{
	return to;
}

KEEP(struct pt_regs, registers);
KEEP(struct task_struct, task);
KEEP(struct tcp_sock, sock);
KEEP(struct bio, bio);
KEEP(enum req_opf, operation);

/* The compiler leaves out what only pointers lead to. */
KEEP(struct block_device, device);
KEEP(struct gendisk, disk);
