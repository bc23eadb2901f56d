/*
 * Lets libbpf load an object, saying all that it does; what a program would set before loading (the sizes of some maps) is set to something.
 * Nothing is attached or pinned, and it does not matter whether the kernel takes the programs.
 */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>

static int print(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return vprintf(format, args);
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct bpf_program *program;
	struct bpf_map *map;

	if (argc != 2)
		return 2;
	libbpf_set_print(print);
	object = bpf_object__open(argv[1]);
	if (!object)
		return 1;
	bpf_object__for_each_map(map, object) {
		if (bpf_map__max_entries(map) == 0)
			bpf_map__set_max_entries(map, 64);
		if (bpf_map__type(map) == BPF_MAP_TYPE_STACK_TRACE && bpf_map__value_size(map) == 0)
			bpf_map__set_value_size(map, 8 * 127);
	}
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, 1);
	bpf_object__load(object);
	bpf_object__close(object);
	return 0;
}
