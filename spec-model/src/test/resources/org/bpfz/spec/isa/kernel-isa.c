/*
 * Says what the kernel's own source says of instructions; compiled with kernel/bpf/disasm.c by KernelIsaTest.
 *
 * Without arguments: reads pairs of struct bpf_insn and prints for each what the verifier's log would have for the first.
 * With an argument: prints the opcodes that the verifier knows.
 */
#include <stdarg.h>
#include <stdio.h>
#include "disasm.h"

@INSN_MAP@

static void print(void *unused, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
}

int main(int argc, char **argv)
{
	const struct bpf_insn_cbs callbacks = { .cb_print = print };
	struct bpf_insn pair[2];

#define PRINT_2(x, y) printf("%02x\n", BPF_##x | BPF_##y)
#define PRINT_3(x, y, z) printf("%02x\n", BPF_##x | BPF_##y | BPF_##z)
	if (argc > 1) {
		BPF_INSN_MAP(PRINT_2, PRINT_3);
		@CARRIED_OVER@
		return 0;
	}
	while (fread(pair, sizeof(pair), 1, stdin) == 1)
		print_bpf_insn(&callbacks, pair, 1);
	return 0;
}
