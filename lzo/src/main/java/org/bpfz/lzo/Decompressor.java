package org.bpfz.lzo;

import static org.bpfz.lzo.LzoFormat.*;

import java.util.Arrays;

/** First version. */
final class Decompressor {
    private static final int LONG_LITERALS = 4;

    private Decompressor() {
    }

    static int decompress(byte[] src, int start, int length, byte[] dst, int dstStart, int capacity, boolean versions)
            throws MalformedInputException {
        int end = start + length;
        int dstEnd = dstStart + capacity;
        int ip = start;
        int op = dstStart;
        boolean zeroRuns = false;
        if (versions && length >= 5 && src[ip] == VERSION_FOLLOWS) {
            zeroRuns = src[ip + 1] != 0;
            ip += 2;
        }
        int state = 0;
        if (ip < end && (src[ip] & 0xff) > FIRST_LITERALS) {
            int count = (src[ip] & 0xff) - FIRST_LITERALS;
            op = literals(src, ip + 1, end, count, dst, op, dstEnd, ip - start);
            ip += 1 + count;
            state = Math.min(count, LONG_LITERALS);
        }
        while (true) {
            int at = ip - start;
            if (ip >= end) {
                throw new MalformedInputException(length, "ends without an end marker");
            }
            int instruction = src[ip++] & 0xff;
            int size;
            int distance;
            int count;
            if (instruction >= 64) {
                need(1, ip, end, at);
                count = instruction & 3;
                distance = 1 + ((instruction >> 2) & 7) + ((src[ip++] & 0xff) << 3);
                size = (instruction >> 5) + 1;
            } else if (instruction >= 16) {
                int bits = instruction >= MARK_MIDDLE ? 0b11111 : 0b111;
                boolean far = instruction < MARK_MIDDLE;
                if (far && zeroRuns && (instruction & 0b1111_1000) == ZERO_RUN && ip + 1 < end
                        && (shortAt(src, ip) & 0xfffc) == 0xfffc) {
                    need(3, ip, end, at);
                    count = src[ip] & 3;
                    size = MIN_ZERO_RUN + ((instruction & 7) | ((src[ip + 2] & 0xff) << 3));
                    ip += 3;
                    room(size, op, dstEnd, at);
                    Arrays.fill(dst, op, op + size, (byte) 0);
                    op += size;
                    op = literals(src, ip, end, count, dst, op, dstEnd, at);
                    ip += count;
                    state = count;
                    continue;
                }
                size = instruction & bits;
                if (size == 0) {
                    int stop = firstNonZero(src, ip, end, at);
                    size = continuedLength(bits, stop - ip, src[stop]);
                    ip = stop + 1;
                }
                size = plus(size, 2);
                need(2, ip, end, at);
                count = src[ip] & 3;
                distance = shortAt(src, ip) >> 2;
                ip += 2;
                if (far) {
                    distance += (instruction & 8) << 11;
                    if (distance == 0) {
                        if (size != 3) {
                            throw new MalformedInputException(at, "end marker of length " + size);
                        }
                        if (ip != end) {
                            throw new MalformedInputException(ip - start, "data after the end marker");
                        }
                        return op - dstStart;
                    }
                    distance += FAR_BASE_DISTANCE;
                } else {
                    distance++;
                }
            } else if (state == 0) {
                size = instruction;
                if (size == 0) {
                    int stop = firstNonZero(src, ip, end, at);
                    size = continuedLength(15, stop - ip, src[stop]);
                    ip = stop + 1;
                }
                size = plus(size, 3);
                op = literals(src, ip, end, size, dst, op, dstEnd, at);
                ip += size;
                state = LONG_LITERALS;
                continue;
            } else {
                need(1, ip, end, at);
                count = instruction & 3;
                distance = 1 + (instruction >> 2) + ((src[ip++] & 0xff) << 2);
                size = 2;
                if (state == LONG_LITERALS) {
                    distance += NEAR_MAX_DISTANCE;
                    size = 3;
                }
            }
            if (distance > op - dstStart) {
                throw new MalformedInputException(at, "match reaches " + (distance - (op - dstStart))
                        + " bytes before the start of the output");
            }
            room(size, op, dstEnd, at);
            copyMatch(dst, op, distance, size);
            op += size;
            op = literals(src, ip, end, count, dst, op, dstEnd, at);
            ip += count;
            state = count;
        }
    }

    private static int shortAt(byte[] src, int ip) {
        return (src[ip] & 0xff) | ((src[ip + 1] & 0xff) << 8);
    }

    private static int plus(int size, int more) {
        return size > Integer.MAX_VALUE - more ? Integer.MAX_VALUE : size + more;
    }

    private static int continuedLength(int bits, int zeros, byte last) {
        return (int) Math.min(Integer.MAX_VALUE, bits + 255L * zeros + (last & 0xff));
    }

    private static int firstNonZero(byte[] src, int ip, int end, int at) throws MalformedInputException {
        int stop = ip;
        while (stop < end && src[stop] == 0) {
            stop++;
        }
        need(1, stop, end, at);
        return stop;
    }

    private static void need(int bytes, int ip, int end, int at) throws MalformedInputException {
        if (end - ip < bytes) {
            throw new MalformedInputException(at, "instruction ends after the end of the stream");
        }
    }

    private static void room(int bytes, int op, int dstEnd, int at) throws MalformedInputException {
        if (dstEnd - op < bytes) {
            throw new MalformedInputException(at, "output is longer than the room for it");
        }
    }

    private static int literals(byte[] src, int ip, int end, int count, byte[] dst, int op, int dstEnd, int at)
            throws MalformedInputException {
        if (end - ip < count) {
            throw new MalformedInputException(at, "literals end after the end of the stream");
        }
        room(count, op, dstEnd, at);
        System.arraycopy(src, ip, dst, op, count);
        return op + count;
    }

    private static void copyMatch(byte[] dst, int op, int distance, int size) {
        int copied = Math.min(distance, size);
        System.arraycopy(dst, op - distance, dst, op, copied);
        while (copied < size) {
            int chunk = Math.min(copied, size - copied);
            System.arraycopy(dst, op, dst, op + copied, chunk);
            copied += chunk;
        }
    }
}
