/* SPDX-License-Identifier: Apache-2.0 */
/* The types of the modelled Linux 6.12. */
#include "declarations.h"

enum req_op {
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
	sector_t bd_start_sect;
	sector_t bd_nr_sectors;
	struct gendisk *bd_disk;
	u8 bd_partno;
	dev_t bd_dev;
};

struct bvec_iter {
	sector_t bi_sector;
	unsigned int bi_size;
	unsigned int bi_idx;
	unsigned int bi_bvec_done;
} __attribute__((packed, aligned(4)));

struct bio {
	struct bio *bi_next;
	struct block_device *bi_bdev;
	unsigned int bi_opf;
	unsigned short bi_flags;
	unsigned short bi_ioprio;
	u8 bi_write_hint;
	u8 bi_status;
	struct bvec_iter bi_iter;
};

struct task_struct {
	unsigned int flags;
	pid_t pid;
	pid_t tgid;
	struct task_struct *real_parent;
	char comm[16];
};

struct minmax {
	struct minmax_sample s[3];
};

struct tcp_sock {
	u32 srtt_us;
	struct minmax rtt_min;
};

int should_fail_bio(struct bio *bio)
{
	return 0;
}

void *memcpy(void *to, const void *from, size_t size)
{
	return to;
}

void bpf_rcu_read_lock(void)
{
}

void bpf_rcu_read_unlock(void)
{
}

KEEP(struct pt_regs, registers);
KEEP(struct task_struct, task);
KEEP(struct tcp_sock, sock);
KEEP(enum req_op, operation);

/* What tracepoints are called with: the type of a tracepoint's arguments is that of its typedef, behind the data of the caller. */
typedef void (*btf_trace_sys_enter)(void *, struct pt_regs *, long);
typedef void (*btf_trace_sys_exit)(void *, struct pt_regs *, long);
typedef void (*btf_trace_block_bio_queue)(void *, struct bio *);

KEEP(btf_trace_sys_enter, sys_enter);
KEEP(btf_trace_sys_exit, sys_exit);
KEEP(btf_trace_block_bio_queue, block_bio_queue);

void __set_task_comm(struct task_struct *task, const char *name, bool exec)
{
}

void tcp_set_state(struct tcp_sock *sock, int state)
{
}

/* The compiler leaves out what only pointers lead to. */
KEEP(struct block_device, device);
KEEP(struct gendisk, disk);

/* What a compressor program is told, and the two functions that it attaches to (CTX-1, ATT-2). */
struct compress_ctx {
	union {
		struct {
			long long offset;
			size_t size;
		};
		struct {
			u32 uid;
			u32 gid;
		};
	};
};

int bpf_compressor_decide(struct compress_ctx *ctx)
{
	return 0;
}

int bpf_compressor_verify(struct compress_ctx *ctx)
{
	return 0;
}

KEEP(struct compress_ctx, compress);
