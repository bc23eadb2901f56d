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

static int port = -1;
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

static void transmit(const u8 *from, u64 n)
{
	while (n) {
		s64 put = sys_call(__NR_write, (u64)port, (u64)from, n, 0, 0, 0);

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
