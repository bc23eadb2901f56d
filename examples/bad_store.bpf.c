/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* To be refused: a program may read its context and may not write it. */
#include "bpfz.h"

DECIDE int bad_store_decide(struct compress_ctx *ctx)
{
	ctx->uid = 0;
	return 1;
}

LICENCE("GPL");
