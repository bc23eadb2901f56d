/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Verifies every file with the kernel's own LZO. */
#include "bpfz.h"

DECIDE int lzo_decide(struct compress_ctx *ctx)
{
	return 1;
}

VERIFY int lzo_verify(struct compress_ctx *ctx)
{
	return bpf_lzo_compress(ctx);
}

LICENCE("GPL");
