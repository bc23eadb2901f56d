/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What the user's side and the kernel's side of iofilter share: the key and the value of its map. */
#ifndef IOFILTER_H
#define IOFILTER_H

#define MAX_DEVICES 16
#define MAX_SECTOR_RANGES 10

#define FILTER_READ 0x1
#define FILTER_WRITE 0x2

struct iofilter_dev {
	unsigned int major;
	unsigned int minor;
};

struct sector_range {
	unsigned long sector_start;
	unsigned long sector_end; /* the last one of the range */
	unsigned int opf;	  /* the operations that fail, FILTER_* */
	union {
		unsigned int pminor; /* of a partition: the whole disk's */
		unsigned int cminor; /* of a disk: the partition's */
	};
};

struct iofilter {
	struct sector_range sector_ranges[MAX_SECTOR_RANGES];
	unsigned long disk_start_sector;
	unsigned int num_sector_ranges;
};

#endif
