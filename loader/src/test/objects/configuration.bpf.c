/* The kernel's configuration, in every shape that it comes in, and a kernel function that may be missing. */
#include "bpfz.h"

#define CONFIG extern __attribute__((section(".kconfig")))
#define WEAK __attribute__((weak))

enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

CONFIG int LINUX_KERNEL_VERSION;
CONFIG int CONFIG_HZ;
CONFIG u64 CONFIG_BIG;
CONFIG _Bool CONFIG_NET_NS WEAK;
CONFIG enum libbpf_tristate CONFIG_MODULE WEAK;
CONFIG char CONFIG_LETTER WEAK;
CONFIG char CONFIG_NAME[4] WEAK;
CONFIG int CONFIG_ABSENT WEAK;

extern void bpf_rcu_read_lock(void) __attribute__((section(".ksyms"))) WEAK;

SECTION("raw_tp/hz") int hz(void *ctx)
{
	return CONFIG_HZ;
}

SECTION("raw_tp/configuration") int configuration(void *ctx)
{
	return LINUX_KERNEL_VERSION + CONFIG_NET_NS + CONFIG_MODULE + CONFIG_LETTER + CONFIG_NAME[0];
}

SECTION("raw_tp/others") int others(void *ctx)
{
	return CONFIG_BIG + CONFIG_ABSENT;
}

SECTION("raw_tp/weak_function") int weak_function(void *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

LICENCE("GPL");
