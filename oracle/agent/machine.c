/* SPDX-License-Identifier: Apache-2.0
 *
 * Does the operations of a request. Whatever the guest's kernel answers is an answer; only a request that breaks the protocol ends the
 * agent.
 */
#include "agent.h"

struct cursor {
	const u8 *at;
	const u8 *end;
};

struct answers {
	u8 *at;
	u8 *end;
};

static u64 take(struct cursor *in, u32 bytes)
{
	u64 value = 0;

	if ((u64)(in->end - in->at) < bytes)
		die("the request ends inside of an operation");
	memcpy(&value, in->at, bytes);
	in->at += bytes;
	return value;
}

static u8 *take_address(struct cursor *in)
{
	return (u8 *)take(in, 8);
}

static void check_arena(const u8 *address, u64 length)
{
	u64 start = (u64)address - ARENA_BASE;

	if (start > ARENA_SIZE || length > ARENA_SIZE - start)
		die("an address is outside of the arena");
}

static void answer(struct answers *out, const void *data, u64 length)
{
	if ((u64)(out->end - out->at) < length)
		die("the answers are too long");
	memcpy(out->at, data, length);
	out->at += length;
}

static void poke(struct cursor *in)
{
	u8 *to = take_address(in);
	u64 length = take(in, 4);

	check_arena(to, length);
	if ((u64)(in->end - in->at) < length)
		die("the request ends inside of bytes");
	memcpy(to, in->at, length);
	in->at += length;
}

static void peek(struct cursor *in, struct answers *out)
{
	const u8 *from = take_address(in);
	u64 length = take(in, 4);

	check_arena(from, length);
	answer(out, from, length);
}

static void peek_string(struct cursor *in, struct answers *out)
{
	const u8 *from = take_address(in);
	u64 limit = take(in, 4);
	u32 length = 0;

	check_arena(from, limit);
	while (length < limit && from[length])
		length++;
	answer(out, &length, sizeof(length));
	answer(out, from, length);
}

static void fill(struct cursor *in)
{
	u8 *to = take_address(in);
	u64 length = take(in, 4);

	check_arena(to, length);
	memset(to, (int)take(in, 1), length);
}

static void copy(struct cursor *in)
{
	const u8 *from = take_address(in);
	u8 *to = take_address(in);
	u64 length = take(in, 4);

	check_arena(from, length);
	check_arena(to, length);
	memcpy(to, from, length);
}

static void call(struct cursor *in, struct answers *out)
{
	u64 number = take(in, 2);
	u64 mask = take(in, 1);
	u64 arguments[6];
	u8 *keep;
	u64 bytes;
	s64 result;

	for (u32 i = 0; i < 6; i++) {
		arguments[i] = take(in, 8);
		if (mask >> i & 1) {
			check_arena((u8 *)arguments[i], 8);
			memcpy(&arguments[i], (u8 *)arguments[i], 8);
		}
	}
	keep = take_address(in);
	bytes = take(in, 1);
	result = sys_call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
	if (keep) {
		check_arena(keep, bytes);
		memcpy(keep, &result, bytes > sizeof(result) ? sizeof(result) : bytes);
	}
	answer(out, &result, sizeof(result));
}

static void post(struct cursor *in)
{
	u64 slot = take(in, 1);
	u32 flags = (u32)take(in, 1);
	u32 earlier = (u32)take(in, 1);
	u32 number = (u32)take(in, 2);
	u64 arguments[6];

	for (u32 i = 0; i < 6; i++)
		arguments[i] = take(in, 8);
	tasks_post(slot, number, flags, earlier, arguments);
}

static void collect(struct cursor *in, struct answers *out)
{
	u32 length = 0;
	u8 *start = out->at;

	answer(out, &length, sizeof(length));
	length = tasks_collect(take(in, 1), out->at, (u32)(out->end - out->at));
	out->at += length;
	memcpy(start, &length, sizeof(length));
}

static void gone(struct cursor *in, struct answers *out)
{
	u64 words[3];
	u32 length = sizeof(words);

	tasks_gone(take(in, 1), words);
	answer(out, &length, sizeof(length));
	answer(out, words, sizeof(words));
}

static void answer_number(struct answers *out, s64 number)
{
	answer(out, &number, sizeof(number));
}

u32 machine_run(const u8 *request, u32 length, u8 *out, u32 room)
{
	struct cursor in = {request, request + length};
	struct answers answers = {out, out + room};

	while (in.at < in.end) {
		switch (take(&in, 1)) {
		case OP_POKE:
			poke(&in);
			break;
		case OP_PEEK:
			peek(&in, &answers);
			break;
		case OP_PEEK_STRING:
			peek_string(&in, &answers);
			break;
		case OP_CALL:
			call(&in, &answers);
			break;
		case OP_FILL:
			fill(&in);
			break;
		case OP_COPY:
			copy(&in);
			break;
		case OP_FORK:
			answer_number(&answers, tasks_fork(take(&in, 1)));
			break;
		case OP_POST:
			post(&in);
			break;
		case OP_START:
			tasks_start((u32)take(&in, 1));
			break;
		case OP_COLLECT:
			collect(&in, &answers);
			break;
		case OP_GONE:
			gone(&in, &answers);
			break;
		case OP_END:
			answer_number(&answers, tasks_end());
			break;
		case OP_TICK:
			answer_number(&answers, (s64)tasks_tick());
			break;
		default:
			die("the request has an unknown operation");
		}
	}
	return (u32)(answers.at - out);
}
