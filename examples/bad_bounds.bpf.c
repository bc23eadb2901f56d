/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* To be refused: the context has 16 bytes, and this reads the one behind them. */
#include "bpfz.h"

VERIFY int bad_bounds_verify(struct compress_ctx *ctx)
{
	return ((volatile u8 *)ctx)[sizeof(*ctx)];
}

LICENCE("GPL");
