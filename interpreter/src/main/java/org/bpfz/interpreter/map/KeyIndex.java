package org.bpfz.interpreter.map;

import java.util.Arrays;

/**
 * Finds keys: a chained hash table in arrays, which keeps the order in which keys were added.
 *
 * <p>An entry is a small number that its key keeps until it is removed; what it stands for is the map's affair ({@link #content}).
 */
final class KeyIndex {
    static final int NONE = LinkedOrder.NONE;

    private final int keySize;
    private final LinkedOrder order = new LinkedOrder();
    private byte[] keys = new byte[0];
    private int[] hashes = new int[0];
    private int[] chain = new int[0];
    private int[] contents = new int[0];
    private long[] serials = new long[0];
    private int[] buckets = new int[0];
    private int free = NONE;
    private int used;
    private int size;
    private long added;

    KeyIndex(int keySize) {
        this.keySize = keySize;
    }

    int size() {
        return size;
    }

    /** The entry of the key that begins at the index, or {@link #NONE}. */
    int find(byte[] source, int from) {
        if (size == 0) {
            return NONE;
        }
        int hash = hash(source, from);
        int entry = buckets[hash & buckets.length - 1];
        while (entry != NONE && (hashes[entry] != hash || !equal(entry, source, from))) {
            entry = chain[entry];
        }
        return entry;
    }

    /** Adds a key that is not there. */
    int add(byte[] source, int from, int content) {
        if (free == NONE && used == contents.length) {
            grow();
        }
        int entry = free;
        if (entry == NONE) {
            entry = used++;
        } else {
            free = chain[entry];
        }
        System.arraycopy(source, from, keys, entry * keySize, keySize);
        hashes[entry] = hash(source, from);
        contents[entry] = content;
        serials[entry] = ++added;
        link(entry);
        order.add(entry);
        size++;
        return entry;
    }

    /** Removes an entry that is there. */
    void remove(int entry) {
        int bucket = hashes[entry] & buckets.length - 1;
        if (buckets[bucket] == entry) {
            buckets[bucket] = chain[entry];
        } else {
            int before = buckets[bucket];
            while (chain[before] != entry) {
                before = chain[before];
            }
            chain[before] = chain[entry];
        }
        order.remove(entry);
        serials[entry] = 0;
        chain[entry] = free;
        free = entry;
        size--;
    }

    /** What the entry stands for. */
    int content(int entry) {
        return contents[entry];
    }

    void setContent(int entry, int content) {
        contents[entry] = content;
    }

    /** When the entry was added: another number each time, 0 where it is not there. */
    long serial(int entry) {
        return serials[entry];
    }

    /** How many entries there have been at a time. */
    int capacity() {
        return contents.length;
    }

    int first() {
        return order.first();
    }

    int next(int entry) {
        return order.next(entry);
    }

    void copyKey(int entry, byte[] target, int at) {
        System.arraycopy(keys, entry * keySize, target, at, keySize);
    }

    private boolean equal(int entry, byte[] source, int from) {
        int at = entry * keySize;
        return Arrays.equals(keys, at, at + keySize, source, from, from + keySize);
    }

    private int hash(byte[] source, int from) {
        int hash = keySize;
        for (int i = 0; i < keySize; i++) {
            hash = 31 * hash + source[from + i];
        }
        // The golden ratio's bits spread what a small key leaves in the low ones.
        hash *= 0x9e3779b9;
        return hash ^ hash >>> 16;
    }

    private void link(int entry) {
        int bucket = hashes[entry] & buckets.length - 1;
        chain[entry] = buckets[bucket];
        buckets[bucket] = entry;
    }

    private void grow() {
        int capacity = Math.max(8, Math.multiplyExact(2, contents.length));
        keys = Arrays.copyOf(keys, Math.multiplyExact(capacity, keySize));
        hashes = Arrays.copyOf(hashes, capacity);
        chain = Arrays.copyOf(chain, capacity);
        contents = Arrays.copyOf(contents, capacity);
        serials = Arrays.copyOf(serials, capacity);
        order.reserve(capacity);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        for (int entry = order.first(); entry != NONE && size > 0; entry = order.next(entry)) {
            link(entry);
        }
    }
}
