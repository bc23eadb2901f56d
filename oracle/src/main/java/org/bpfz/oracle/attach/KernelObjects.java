package org.bpfz.oracle.attach;

import java.util.Map;
import java.util.TreeMap;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.engine.KernelMemory;
import org.bpfz.spec.memory.LittleEndian;

/**
 * Objects of the modelled kernel in memory, laid out by its types: what bpf_probe_read_kernel finds behind the pointers that programs are
 * given. For one thread.
 */
public final class KernelObjects implements KernelMemory {
    /** Where the direct map of physical memory begins on x86-64 (PAGE_OFFSET with four levels of page tables). */
    private static final long START = 0xffff_8880_0000_0000L;
    private static final int ALIGNMENT = 64;

    private final Btf types;
    private final TreeMap<Long, byte[]> objects = new TreeMap<>(Long::compareUnsigned);
    private long next = START + 0x10_0000;

    /** No objects yet. */
    public KernelObjects(Btf types) {
        this.types = types;
    }

    /**
     * Makes a struct, all zero.
     *
     * @return its address
     */
    public long create(String struct) {
        long size = types.sizeOf(id(struct));
        long address = next;
        objects.put(address, new byte[(int) size]);
        next += (size + 2 * ALIGNMENT - 1) & -ALIGNMENT;
        return address;
    }

    /** Forgets an object: its memory is no longer readable. */
    public void free(long address) {
        objects.remove(address);
    }

    /**
     * Sets a field of a struct; one that the kernel's types do not have is left out, since no program can ask for it.
     *
     * @param path names of members with dots between them, of arrays with an index: {@code rtt_min.s[0].v}
     */
    public void set(long address, String struct, String path, long value) {
        byte[] object = objects.get(address);
        if (object == null) {
            throw new IllegalArgumentException("no object at 0x" + Long.toHexString(address));
        }
        int type = id(struct);
        long offset = 0;
        for (String step : path.split("\\.", -1)) {
            int bracket = step.indexOf('[');
            String name = bracket < 0 ? step : step.substring(0, bracket);
            Btf.Field field = types.member(type, name).orElse(null);
            if (field == null) {
                return;
            }
            offset += field.bitOffset() / 8;
            type = field.member().type();
            if (bracket >= 0 && types.resolved(type) instanceof BtfType.Array array) {
                int index = Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
                offset += index * types.sizeOf(array.element());
                type = array.element();
            }
        }
        LittleEndian.put(object, (int) offset, (int) types.sizeOf(type), value);
    }

    private int id(String struct) {
        return types.find(BtfType.Struct.class, struct)
                .orElseThrow(() -> new IllegalArgumentException("the kernel's types have no struct " + struct));
    }

    @Override
    public boolean read(long address, byte[] target) {
        Map.Entry<Long, byte[]> entry = objects.floorEntry(address);
        if (entry == null) {
            return false;
        }
        long offset = address - entry.getKey();
        byte[] object = entry.getValue();
        if (offset < 0 || offset > object.length || target.length > object.length - offset) {
            return false;
        }
        System.arraycopy(object, (int) offset, target, 0, target.length);
        return true;
    }
}
