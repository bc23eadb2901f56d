/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes the guest habitable, says hello, and does what it is asked.
 */
#include "agent.h"
#include <asm/unistd.h>
#include <linux/utsname.h>

#define MAX_ANSWER (64U << 20)
#define PROT_READ_WRITE 3
/* MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE */
#define MAP_ARENA 0x4031

struct hello {
	u32 magic;
	u32 version;
	u64 arena;
	u64 arena_size;
	struct new_utsname system;
};

static u8 answers[MAX_ANSWER];

/* A kernel without one of these can still be talked to, and what needs it will say so. */
static void mount(const char *type, const char *where)
{
	sys_call(__NR_mkdir, (u64)where, 0755, 0, 0, 0, 0);
	sys_call(__NR_mount, (u64)type, (u64)where, (u64)type, 0, 0, 0);
}

void agent_main(void) __attribute__((noreturn));

void agent_main(void)
{
	struct hello hello;

	mount("devtmpfs", "/dev");
	mount("proc", "/proc");
	mount("sysfs", "/sys");
	mount("tmpfs", "/tmp");
	mount("bpf", "/sys/fs/bpf");
	mount("tracefs", "/sys/kernel/tracing");
	if (sys_call(__NR_mmap, ARENA_BASE, ARENA_SIZE, PROT_READ_WRITE, MAP_ARENA, (u64)-1, 0) != (s64)ARENA_BASE)
		die("no memory for the arena");
	tasks_open();
	port_open();
	memset(&hello, 0, sizeof(hello));
	hello.magic = PROTOCOL_MAGIC;
	hello.version = PROTOCOL_VERSION;
	hello.arena = ARENA_BASE;
	hello.arena_size = ARENA_SIZE;
	sys_call(__NR_uname, (u64)&hello.system, 0, 0, 0, 0, 0);
	port_send((const u8 *)&hello, sizeof(hello));
	for (;;) {
		u32 length;
		const u8 *request = port_receive(&length);

		port_send(answers, machine_run(request, length, answers, sizeof(answers)));
	}
}
