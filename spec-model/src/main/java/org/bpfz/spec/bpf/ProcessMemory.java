package org.bpfz.spec.bpf;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A modelled process's memory: buffers with unmapped addresses between them. */
public final class ProcessMemory implements UserMemory {
    private static final long START = 0x7f00_0000_0000L;
    private static final long PAGE = 4096;

    private final TreeMap<Long, byte[]> buffers = new TreeMap<>();
    private long next = START;

    @Override
    public long put(byte... bytes) {
        long address = next;
        buffers.put(address, bytes.length == 0 ? new byte[1] : bytes.clone());
        next += (bytes.length + 2 * PAGE) & -PAGE;
        return address;
    }

    /** The buffer that holds the whole range, or null. */
    private byte @Nullable [] at(long address, long length) {
        Map.Entry<Long, byte[]> entry = buffers.floorEntry(address);
        boolean inside = entry != null && length >= 0 && address >= 0
                && length <= entry.getValue().length - (address - entry.getKey());
        return inside ? entry.getValue() : null;
    }

    @Override
    public byte @Nullable [] read(long address, long length) {
        if (length == 0) {
            return new byte[0];
        }
        byte[] buffer = at(address, length);
        if (buffer == null) {
            return null;
        }
        int offset = (int) (address - buffers.floorKey(address));
        return Arrays.copyOfRange(buffer, offset, offset + (int) length);
    }

    @Override
    public boolean write(long address, byte[] bytes) {
        if (bytes.length == 0) {
            return true;
        }
        byte[] buffer = at(address, bytes.length);
        if (buffer != null) {
            System.arraycopy(bytes, 0, buffer, (int) (address - buffers.floorKey(address)), bytes.length);
        }
        return buffer != null;
    }

    @Override
    public void clear() {
        buffers.clear();
    }
}
