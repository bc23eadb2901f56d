package org.bpfz.oracle.attach;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Task;

/**
 * The block devices of the modelled kernel: an I/O is a struct bio in memory, and fails with EIO where {@code should_fail_bio} says so
 * (submit_bio_noacct in block/blk-core.c, which asks before it maps a partition to its disk).
 */
public final class BlockLayer {
    /** Bytes of a sector, whatever the device's own blocks are. */
    public static final int SECTOR = 512;

    /** How the kernel packs major and minor number (MKDEV in include/linux/kdev_t.h). */
    private static final int MINOR_BITS = 20;
    private static final String BIO = "bio";
    private static final String DEVICE = "block_device";

    private final TracedKernel kernel;
    private final Map<Integer, Long> devices = new HashMap<>();

    /** The block layer of a kernel; devices come into being when they are first used. */
    public BlockLayer(TracedKernel kernel) {
        this.kernel = kernel;
    }

    /** What an I/O does, by the number that the kernel has for it (enum req_op). */
    public enum Operation {
        READ, WRITE, FLUSH, DISCARD
    }

    /**
     * An I/O.
     *
     * @param sector first sector, from the start of the device that is named
     * @param size   bytes
     */
    public record Request(int major, int minor, Operation operation, long sector, long size) {}

    private long device(int major, int minor) {
        return devices.computeIfAbsent(major << MINOR_BITS | minor, number -> {
            long address = kernel.memory().create(DEVICE);
            kernel.memory().set(address, DEVICE, "bd_dev", number);
            return address;
        });
    }

    /** Only what was let through is told (submit_bio_noacct_nocheck); the model has no queues, which are 0 among the arguments. */
    private void tell(String tracepoint, Request request, Task task, int cpu, long bio) {
        Tracepoint known = kernel.profile().tracepoints().get(tracepoint);
        if (known == null) {
            return;
        }
        long[] arguments = new long[known.arguments().size()];
        int place = known.arguments().indexOf("bio");
        if (place >= 0) {
            arguments[place] = bio;
        }
        kernel.tell(tracepoint, task, cpu, point -> {
            byte[] record = point.record(Map.of("dev", (long) request.major() << MINOR_BITS | request.minor(),
                    "sector", request.sector(), "nr_sector", request.size() / SECTOR));
            point.put(record, "rwbs", request.operation().name().substring(0, 1).getBytes(StandardCharsets.UTF_8));
            if (point.fields().containsKey("comm")) {
                point.put(record, "comm", task.comm().getBytes(StandardCharsets.UTF_8));
            }
            return record;
        }, arguments);
    }

    /** Submits an I/O; returns 0, or EIO negated where it was made to fail. */
    public int submit(Request request, Task task, int cpu) {
        KernelObjects memory = kernel.memory();
        long bio = memory.create(BIO);
        memory.set(bio, BIO, "bi_bdev", device(request.major(), request.minor()));
        memory.set(bio, BIO, "bi_opf", request.operation().ordinal());
        memory.set(bio, BIO, "bi_iter.bi_sector", request.sector());
        memory.set(bio, BIO, "bi_iter.bi_size", request.size());
        try {
            if (kernel.call("should_fail_bio", task, cpu, () -> 0, bio) != 0) {
                return Errno.EIO.negative();
            }
            tell("block/block_bio_queue", request, task, cpu, bio);
            tell("block/block_bio_complete", request, task, cpu, bio);
            return 0;
        } finally {
            memory.free(bio);
        }
    }
}
