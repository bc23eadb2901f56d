/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames between host and guest, over a virtio port: a 32-bit little-endian length, then so many bytes.
 */
#include "agent.h"
#include <asm/unistd.h>
#include <linux/time_types.h>

#define O_RDWR 2
#define MAX_REQUEST (64U << 20)
#define EAGAIN_RESULT (-11)
#define TRIES 200
#define PIPE_BYTES (8U << 12)

static int port = -1;
static int ends[2] = {-1, -1};
static u8 request[MAX_REQUEST];

static void nap(void)
{
	struct __kernel_timespec pause = {.tv_nsec = 10 * 1000 * 1000};

	sys_call(__NR_nanosleep, (u64)&pause, 0, 0, 0, 0, 0);
}

/* The device may come up after init has started. */
void port_open(void)
{
	for (int i = 0; i < TRIES && port < 0; i++) {
		port = (int)sys_call(__NR_open, (u64) "/dev/vport0p1", O_RDWR, 0, 0, 0, 0);
		if (port < 0)
			nap();
	}
	if (port < 0)
		die("no virtio port: the kernel needs CONFIG_VIRTIO_PCI, CONFIG_VIRTIO_CONSOLE and CONFIG_DEVTMPFS");
}

static void receive(u8 *to, u64 n)
{
	while (n) {
		s64 got = sys_call(__NR_read, (u64)port, (u64)to, n, 0, 0, 0);

		if (got == 0 || got == EAGAIN_RESULT) {
			nap(); /* the host has not connected yet */
			continue;
		}
		if (got < 0)
			die("the port can not be read");
		to += got;
		n -= (u64)got;
	}
}

/*
 * The way around write(2), for a kernel that lets a scenario's program refuse what the agent itself writes: pages go through a pipe, by
 * calls that no program is asked about.
 */
static s64 splice_out(const u8 *from, u64 n)
{
	struct {
		const u8 *base;
		u64 length;
	} part = {from, n > PIPE_BYTES ? PIPE_BYTES : n};
	s64 given;

	if (ends[0] < 0 && sys_call(__NR_pipe2, (u64)ends, 0, 0, 0, 0, 0) < 0)
		return -1;
	given = sys_call(__NR_vmsplice, (u64)ends[1], (u64)&part, 1, 0, 0, 0);
	for (s64 left = given; left > 0;) {
		s64 moved = sys_call(__NR_splice, (u64)ends[0], 0, (u64)port, 0, (u64)left, 0);

		if (moved < 0)
			return moved;
		left -= moved;
	}
	return given;
}

static void transmit(const u8 *from, u64 n)
{
	while (n) {
		s64 put = sys_call(__NR_write, (u64)port, (u64)from, n, 0, 0, 0);

		if (put < 0 && put != EAGAIN_RESULT)
			put = splice_out(from, n);
		if (put == 0 || put == EAGAIN_RESULT) {
			nap();
			continue;
		}
		if (put < 0)
			die("the port can not be written");
		from += put;
		n -= (u64)put;
	}
}

const u8 *port_receive(u32 *length)
{
	receive((u8 *)length, sizeof(*length));
	if (*length > MAX_REQUEST)
		die("the request is too long");
	receive(request, *length);
	return request;
}

void port_send(const u8 *data, u32 length)
{
	transmit((const u8 *)&length, sizeof(length));
	transmit(data, length);
}
