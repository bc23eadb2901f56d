/* What the kernel's lib/lzo needs around it to compile in user space on a little-endian 64-bit machine. Ours. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define CONFIG_64BIT 1
#define CONFIG_X86_64 1
#define CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1
#define __LITTLE_ENDIAN 1234

#define likely(x) (x)
#define unlikely(x) (x)
#define noinline __attribute__((noinline))
#define EXPORT_SYMBOL_GPL(x)
#define MODULE_LICENSE(x)
#define MODULE_DESCRIPTION(x)
#define BUILD_BUG_ON(x)
#define WARN_ON_ONCE(x) (x)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))

#define get_unaligned(p) \
	({ const struct __attribute__((packed)) { __typeof__(*(p)) x; } *unaligned_ = (const void *)(p); unaligned_->x; })
#define put_unaligned(v, p) \
	({ struct __attribute__((packed)) { __typeof__(*(p)) x; } *unaligned_ = (void *)(p); unaligned_->x = (v); })
#define get_unaligned_le16(p) get_unaligned((const u16 *)(p))
#define get_unaligned_le32(p) get_unaligned((const u32 *)(p))
#define put_unaligned_le16(v, p) put_unaligned((u16)(v), (u16 *)(p))
#define put_unaligned_le32(v, p) put_unaligned((u32)(v), (u32 *)(p))
