/* SPDX-License-Identifier: Apache-2.0
 *
 * Tasks of a scenario: processes and threads that do system calls which are posted to them, many at a time where that is wanted.
 *
 * A task has no descriptors of its own but those that its calls make. So it is told what to do through shared memory, and waits on a
 * futex there; entries and exits of its calls are counted on one clock that all tasks share.
 */
#include "agent.h"
#include <asm/unistd.h>
#include <linux/futex.h>
#include <linux/time_types.h>

#define MAX_TASKS 64
#define MAX_CALLS 4096
#define STACK_SIZE 16384
#define RECORD 32U

#define PROT_READ_WRITE 3
/* MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE */
#define MAP_SHARED_AT 0x4031
#define CLONE_VM 0x100
#define CLONE_THREAD 0x10000
#define SIGBUS 7
#define SIGBUS_BIT (1UL << 6)
#define SIGPIPE_BIT (1UL << 12)
#define SIGXFSZ_BIT (1UL << 24)
#define SIGCHLD 17
#define SIGKILL 9
#define SIG_BLOCK 0
#define SIG_IGN 1UL
#define SA_SIGINFO 4UL
#define SA_RESTORER 0x04000000UL
/* struct ucontext: flags, link, stack (5 words), then 16 registers before the instruction pointer. */
#define CONTEXT_IP (21 * 8)
#define O_RDONLY 0
#define ESRCH_RESULT (-3)
#define MAX_ERROR (-4095)
#define PROCESS_CPU_CLOCK(pid) (((u64) ~(pid) << 3) | 2)

/* Looks at a task that has not answered this often; it sleeps if nothing has changed so many times in a row. */
#define LOOK_NANOSECONDS (2 * 1000 * 1000)
#define LOOKS_AT_STATE 2
#define LOOKS_AT_CLOCK 60
#define LOOKS_AT_END 1000

struct call {
	u32 number;
	u16 flags;
	u16 earlier; /* a bit for each argument that is the index of a call of this task, whose result it shall be */
	u64 arguments[6];
	s64 result;
	u64 enter;
	u64 exit;
	u64 signals;
};

struct task {
	/* How many calls have been posted and done, since the task was made. */
	volatile u32 posted;
	volatile u32 done;
	volatile u32 pid;
	volatile u32 tid;
	struct call calls[MAX_CALLS];
};

struct shared {
	u64 clock;
	/* Calls that wait for each other to begin at once. */
	volatile u32 arrived;
	volatile u32 expected;
	struct task tasks[MAX_TASKS];
};

/* What only the agent itself needs to know. */
struct keeper {
	u32 written;
	u32 collected;
	int state; /* /proc/PID/stat, or negative */
};

static struct shared *const shared = (struct shared *)TASKS_BASE;
static struct keeper keepers[MAX_TASKS];
static u8 stacks[MAX_TASKS][STACK_SIZE] __attribute__((aligned(16)));

s64 clone_task(u64 flags, void *stack, u64 slot);
void task_main(u64 slot) __attribute__((noreturn, used));

/* clone(2) whose child goes on in task_main, on the stack that is given. */
__asm__(".globl clone_task\n"
	"clone_task:\n"
	"	push %rbx\n"
	"	mov %rdx, %rbx\n"
	"	xor %edx, %edx\n"
	"	xor %r10d, %r10d\n"
	"	xor %r8d, %r8d\n"
	"	mov $56, %eax\n"
	"	syscall\n"
	"	test %rax, %rax\n"
	"	jz 1f\n"
	"	pop %rbx\n"
	"	ret\n"
	"1:	mov %rbx, %rdi\n"
	"	xor %ebp, %ebp\n"
	"	call task_main\n");

static struct task *task_at(u64 slot)
{
	if (slot >= MAX_TASKS)
		die("there is no such task");
	return &shared->tasks[slot];
}

u64 tasks_tick(void)
{
	return __atomic_add_fetch(&shared->clock, 1, __ATOMIC_SEQ_CST);
}

static void wake(volatile u32 *word)
{
	sys_call(__NR_futex, (u64)word, FUTEX_WAKE, 0x7fffffff, 0, 0, 0);
}

static void sleep_on(volatile u32 *word, u32 value, const struct __kernel_timespec *limit)
{
	sys_call(__NR_futex, (u64)word, FUTEX_WAIT, value, (u64)limit, 0, 0);
}

/* All that are expected begin together, as far as there are CPUs. */
static void meet(void)
{
	__atomic_add_fetch(&shared->arrived, 1, __ATOMIC_SEQ_CST);
	while (shared->arrived < shared->expected)
		sys_call(__NR_sched_yield, 0, 0, 0, 0, 0, 0);
}

static s64 clone_by(const struct call *call)
{
	u64 slot = call->arguments[1];

	task_at(slot);
	return clone_task(call->arguments[0], stacks[slot] + STACK_SIZE, slot);
}

static u64 take_signals(void)
{
	static const struct __kernel_timespec now;
	u64 watched = SIGPIPE_BIT | SIGXFSZ_BIT;
	u64 pending = 0;

	sys_call(__NR_rt_sigpending, (u64)&pending, 8, 0, 0, 0, 0);
	pending &= watched;
	for (u64 left = pending; left; left &= left - 1)
		sys_call(__NR_rt_sigtimedwait, (u64)&watched, 0, (u64)&now, 8, 0, 0);
	return pending;
}

u64 copy_guarded(u64 to, u64 from, u64 n);
void return_from_signal(void);
extern const u8 copy_guarded_copying[], copy_guarded_end[];

/* Copies, and returns how many bytes are left where SIGBUS has ended it. */
__asm__(".globl copy_guarded, copy_guarded_copying, copy_guarded_end, return_from_signal\n"
	"copy_guarded:\n"
	"	mov %rdx, %rcx\n"
	"copy_guarded_copying:\n"
	"	rep movsb\n"
	"copy_guarded_end:\n"
	"	mov %rcx, %rax\n"
	"	ret\n"
	"return_from_signal:\n"
	"	mov $15, %eax\n"
	"	syscall\n");

/* A store that the kernel has no page for (shmem_fault): the copying is over. */
static void on_bus_error(int signal, void *info, u8 *context)
{
	u64 *ip = (u64 *)(context + CONTEXT_IP);

	(void)info;
	if (*ip != (u64)copy_guarded_copying)
		sys_call(__NR_exit_group, 128 + (u64)signal, 0, 0, 0, 0, 0);
	*ip = (u64)copy_guarded_end;
}

static void handle_bus_errors(void)
{
	struct {
		void (*handler)(int, void *, u8 *);
		u64 flags;
		void (*restorer)(void);
		u64 mask;
	} action = {on_bus_error, SA_RESTORER | SA_SIGINFO, return_from_signal, 0};

	sys_call(__NR_rt_sigaction, SIGBUS, (u64)&action, 0, 8, 0, 0);
}

/* Nothing is copied where the mapping that it is for has failed. Returns the signals that the copying has raised. */
static u64 copy_mapped(struct call *call)
{
	const u64 *a = call->arguments;
	s64 mapping = (s64)a[3];

	if (mapping < 0 && mapping >= MAX_ERROR) {
		call->result = mapping;
		return 0;
	}
	call->result = 0;
	return copy_guarded(a[0], a[1], a[2]) ? SIGBUS_BIT : 0;
}

static void perform(const struct task *task, struct call *call)
{
	u64 *a = call->arguments;
	u64 raised = 0;

	for (u32 i = 0; i < 6; i++) {
		if (call->earlier >> i & 1)
			a[i] = (u64)task->calls[a[i] % MAX_CALLS].result;
	}

	if (call->flags & CALL_TOGETHER)
		meet();
	if (!(call->flags & CALL_UNTIMED))
		call->enter = tasks_tick();
	if (call->flags & CALL_COPIES)
		raised = copy_mapped(call);
	else if (call->flags & CALL_CLONES)
		call->result = clone_by(call);
	else
		call->result = sys_call(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (!(call->flags & CALL_UNTIMED))
		call->exit = tasks_tick();
	call->signals = take_signals() | raised;
}

void task_main(u64 slot)
{
	struct task *task = task_at(slot);

	task->pid = (u32)sys_call(__NR_getpid, 0, 0, 0, 0, 0, 0);
	task->tid = (u32)sys_call(__NR_gettid, 0, 0, 0, 0, 0, 0);
	wake(&task->tid);
	for (;;) {
		u32 done = task->done;

		while (task->posted == done)
			sleep_on(&task->posted, done, 0);
		perform(task, &task->calls[done % MAX_CALLS]);
		__atomic_store_n(&task->done, done + 1, __ATOMIC_SEQ_CST);
		wake(&task->done);
	}
}

void tasks_open(void)
{
	if (sys_call(__NR_mmap, TASKS_BASE, sizeof(struct shared), PROT_READ_WRITE, MAP_SHARED_AT, (u64)-1, 0) !=
	    (s64)TASKS_BASE)
		die("no memory for tasks");
	for (u64 i = 0; i < MAX_TASKS; i++)
		keepers[i].state = -1;
}

static void clear(u64 slot)
{
	struct task *task = task_at(slot);

	task->posted = 0;
	task->done = 0;
	task->pid = 0;
	task->tid = 0;
	keepers[slot].written = 0;
	keepers[slot].collected = 0;
	keepers[slot].state = -1;
}

static void append(char *to, const char *text)
{
	while (*to)
		to++;
	while ((*to++ = *text++))
		;
}

static int open_state(u32 pid)
{
	char digits[12] = {0};
	char path[40] = "/proc/";
	int at = sizeof(digits) - 1;

	do {
		digits[--at] = (char)('0' + pid % 10);
		pid /= 10;
	} while (pid);
	append(path, digits + at);
	append(path, "/stat");
	return (int)sys_call(__NR_open, (u64)path, O_RDONLY, 0, 0, 0, 0);
}

/* A process with nothing open, which shares the arena with the agent and leaves no zombie. */
s64 tasks_fork(u64 slot)
{
	struct {
		u64 handler, flags, restorer, mask;
	} ignore = {SIG_IGN, 0, 0, 0};
	u64 blocked = SIGPIPE_BIT | SIGXFSZ_BIT;
	struct task *task = task_at(slot);
	s64 pid;

	clear(slot);
	sys_call(__NR_rt_sigaction, SIGCHLD, (u64)&ignore, 0, 8, 0, 0);
	sys_call(__NR_rt_sigprocmask, SIG_BLOCK, (u64)&blocked, 0, 8, 0, 0);
	handle_bus_errors();
	pid = clone_task(SIGCHLD, stacks[slot] + STACK_SIZE, slot);
	if (pid < 0)
		return pid;
	while (!task->tid)
		sleep_on(&task->tid, 0, 0);
	keepers[slot].state = open_state((u32)pid);
	return pid;
}

void tasks_post(u64 slot, u32 number, u32 flags, u32 earlier, const u64 *arguments)
{
	struct task *task = task_at(slot);
	struct call *call;

	if (keepers[slot].written - keepers[slot].collected == MAX_CALLS)
		die("too many calls for one task");
	if (flags & CALL_CLONES)
		clear(arguments[1]);
	call = &task->calls[keepers[slot].written++ % MAX_CALLS];
	call->number = number;
	call->flags = (u16)flags;
	call->earlier = (u16)earlier;
	call->enter = 0;
	call->exit = 0;
	memcpy(call->arguments, arguments, sizeof(call->arguments));
}

/* Lets all tasks do what has been posted; so many of them wait for each other first. */
void tasks_start(u32 together)
{
	shared->arrived = 0;
	shared->expected = together;
	for (u32 i = 0; i < MAX_TASKS; i++) {
		if (shared->tasks[i].posted == keepers[i].written)
			continue;
		__atomic_store_n(&shared->tasks[i].posted, keepers[i].written, __ATOMIC_SEQ_CST);
		wake(&shared->tasks[i].posted);
	}
}

/* The state letter behind the name in parentheses (proc(5)); 0 where it is not known. */
static char state_of(u64 slot)
{
	char text[128];
	s64 n;

	if (keepers[slot].state < 0)
		return 0;
	n = sys_call(__NR_pread64, (u64)keepers[slot].state, (u64)text, sizeof(text), 0, 0, 0);
	for (s64 i = 0; i + 2 < n; i++) {
		if (text[i] == ')')
			return text[i + 2];
	}
	return 0;
}

static u64 cpu_time(u64 slot)
{
	struct __kernel_timespec time = {0};

	sys_call(__NR_clock_gettime, PROCESS_CPU_CLOCK(shared->tasks[slot].pid), (u64)&time, 0, 0, 0, 0);
	return (u64)time.tv_sec * 1000000000UL + (u64)time.tv_nsec;
}

/* Waits until the task has done all calls that were posted, or sleeps in one of them. */
static void await(u64 slot)
{
	static const struct __kernel_timespec look = {.tv_nsec = LOOK_NANOSECONDS};
	struct task *task = task_at(slot);
	u64 before = 0;
	u32 still = 0;

	for (;;) {
		u32 done = task->done;
		char state;
		u64 time;

		if (done == task->posted)
			return;
		sleep_on(&task->done, done, &look);
		if (task->done != done) {
			still = 0;
			continue;
		}
		state = state_of(slot);
		time = cpu_time(slot);
		still = (state ? state == 'S' : time == before) && task->done == done ? still + 1 : 0;
		before = time;
		if (still >= (state ? LOOKS_AT_STATE : LOOKS_AT_CLOCK))
			return;
	}
}

static u32 record(u8 *out, u32 room, const struct call *call)
{
	if (room < RECORD)
		die("the answers are too long");
	memcpy(out, &call->result, RECORD);
	return RECORD;
}

/*
 * Appends result, enter, exit and signals of each call that has been done and not yet been collected, then of one in which the task sleeps,
 * with all bits of the signals set; returns the bytes.
 */
u32 tasks_collect(u64 slot, u8 *out, u32 room)
{
	struct task *task = task_at(slot);
	u32 length = 0;

	await(slot);
	while (keepers[slot].collected != task->done)
		length += record(out + length, room - length, &task->calls[keepers[slot].collected++ % MAX_CALLS]);
	if (task->done != task->posted) {
		struct call running = task->calls[task->done % MAX_CALLS];

		running.exit = 0;
		running.signals = ~0UL;
		length += record(out + length, room - length, &running);
	}
	return length;
}

static s64 is_there(u64 slot)
{
	struct task *task = task_at(slot);

	return task->tid && sys_call(__NR_tgkill, task->pid, task->tid, 0, 0, 0, 0) != ESRCH_RESULT;
}

/* Waits until the task is gone; 0 if it does not go. */
static s64 wait_gone(u64 slot)
{
	static const struct __kernel_timespec look = {.tv_nsec = LOOK_NANOSECONDS};

	for (u32 i = 0; is_there(slot); i++) {
		if (i == LOOKS_AT_END)
			return 0;
		sys_call(__NR_nanosleep, (u64)&look, 0, 0, 0, 0, 0);
	}
	return 1;
}

/* Waits until a task is gone whose last call does not return; answers whether it is, and where entry and exit of that call stand. */
void tasks_gone(u64 slot, u64 *answer)
{
	struct task *task = task_at(slot);

	answer[0] = (u64)wait_gone(slot);
	answer[1] = task->calls[task->done % MAX_CALLS].enter;
	answer[2] = tasks_tick();
	if (answer[0])
		task->pid = 0;
}

/* Ends all tasks; returns how many are still there. */
s64 tasks_end(void)
{
	s64 left = 0;

	for (u64 i = 0; i < MAX_TASKS; i++) {
		if (shared->tasks[i].pid)
			sys_call(__NR_kill, shared->tasks[i].pid, SIGKILL, 0, 0, 0, 0);
	}
	for (u64 i = 0; i < MAX_TASKS; i++) {
		if (shared->tasks[i].pid && !wait_gone(i))
			left++;
		if (keepers[i].state >= 0)
			sys_call(__NR_close, (u64)keepers[i].state, 0, 0, 0, 0, 0);
		clear(i);
	}
	shared->clock = 0;
	return left;
}
