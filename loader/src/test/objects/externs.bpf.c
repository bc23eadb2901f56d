/* What the kernel provides: a configuration value, a variable, a function; and a program that needs none of them. */
#include "bpfz.h"

#define PROVIDED(section_name) __attribute__((section(section_name)))

extern int CONFIG_HZ PROVIDED(".kconfig");
extern const void bpf_prog_fops PROVIDED(".ksyms");
extern void bpf_rcu_read_lock(void) PROVIDED(".ksyms");

SECTION("raw_tp/configuration") int configuration(void *ctx)
{
	return CONFIG_HZ;
}

SECTION("raw_tp/variable") int variable(void *ctx)
{
	return (long)&bpf_prog_fops;
}

SECTION("raw_tp/function") int function(void *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

SECTION("raw_tp/none") int none(void *ctx)
{
	return 1;
}

LICENCE("GPL");
