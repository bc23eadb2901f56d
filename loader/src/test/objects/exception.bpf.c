/* A function that nothing calls and a tag names: what runs after an exception. */
#include "bpfz.h"

__attribute__((noinline)) int helper(int x)
{
	return x + 1;
}

__attribute__((noinline)) int callback(u64 cookie)
{
	return helper(cookie);
}

__attribute__((btf_decl_tag("exception_callback:callback"))) SECTION("tc") int program(void *ctx)
{
	return 0;
}

LICENCE("GPL");
