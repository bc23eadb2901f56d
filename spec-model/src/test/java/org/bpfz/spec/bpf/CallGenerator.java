package org.bpfz.spec.bpf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.bpf.Side.Buffer;
import org.bpfz.spec.bpf.Side.Call;
import org.bpfz.spec.bpf.Side.Descriptor;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** Makes up calls on maps: mostly good ones, so that something is there to be asked for, and bad ones of each kind. */
final class CallGenerator {
    private static final int[] TYPES = {1, 2, 3, 5, 6, 9, 10, 12, 13, 22, 23, 27, 0, 99};
    private static final int[] SIZES = {4, 4, 4, 8, 8, 0, 1, 12};
    private static final int[] FLAGS = {0, 0, 0, 0, 0, 1, 2, 8, 16, 24, 64, 128, 256, 1 << 10, 1 << 12, 1 << 30};
    private static final String[] NAMES = {"", "ok_1.x", "bad name", "0123456789abcdef", "fifteen_charact"};

    private final Random random;
    private final BpfKernel model;
    private final Side modelSide;

    CallGenerator(long seed, BpfKernel model, Side modelSide) {
        random = new Random(seed);
        this.model = model;
        this.modelSide = modelSide;
    }

    private int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    /** The next call. */
    Call next() {
        if (modelSide.count() == 0 || once(8)) {
            return create();
        }
        int index = once(25) ? 999 : random.nextInt(modelSide.count());
        BpfMap map = model.map(modelSide.fd(index));
        MapSpec spec = map == null ? MapSpec.of("none", MapType.HASH, 4, 4, 1) : map.spec();
        int valueSize = map == null ? 4 : map.userValueSize();
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> element(Command.MAP_UPDATE_ELEM, index, spec, valueSize);
            case 3, 4 -> element(Command.MAP_LOOKUP_ELEM, index, spec, valueSize);
            case 5 -> element(Command.MAP_LOOKUP_AND_DELETE_ELEM, index, spec, valueSize);
            case 6 -> element(Command.MAP_DELETE_ELEM, index, spec, valueSize);
            case 7 -> nextKey(index, spec);
            case 8 -> once(8) ? simple(Command.MAP_FREEZE, index) : info(index);
            case 9 -> batch(Command.MAP_UPDATE_BATCH, index, spec, valueSize);
            case 10 -> batch(Command.MAP_LOOKUP_BATCH, index, spec, valueSize);
            default -> batch(once(2) ? Command.MAP_DELETE_BATCH : Command.MAP_LOOKUP_AND_DELETE_BATCH, index, spec,
                    valueSize);
        };
    }

    private Call create() {
        int type = of(TYPES);
        boolean array = type == 2 || type == 3 || type == 6 || type == 12;
        boolean keyless = type == 22 || type == 23 || type == 27;
        boolean wild = once(6);
        int key = wild ? of(SIZES) : keyless ? 0 : array ? 4 : of(4, 8);
        int value = wild ? of(SIZES) : type == 27 ? 0 : type == 3 || type == 12 || type == 13 ? 4 : of(4, 8, 12);
        boolean lru = type == 9 || type == 10;
        // What a small LRU map throws out hangs on the CPU that asks, and whether a huge array fits on the machine.
        boolean hash = type == 1 || type == 5;
        int[] unusual = lru ? new int[]{0, 4096} : hash ? new int[]{0, 1, 4, 4096, -1} : new int[]{0, 1, 4, 4096};
        int entries = wild ? of(unusual) : lru || type == 27 ? 4096 : of(1, 2, 4, 16);
        byte[] attr = AttrCodec.write(Attr.MapCreate.of(type, key, value, entries, once(2) ? 0 : of(FLAGS)));
        // Whether memory is short before the name is looked at hangs on the machine.
        String chosen = entries == -1 ? "" : NAMES[random.nextInt(NAMES.length)];
        byte[] name = Arrays.copyOf(chosen.getBytes(StandardCharsets.US_ASCII), 16);
        System.arraycopy(name, 0, attr, 28, 16);
        if (once(20)) {
            LittleEndian.put(attr, of(24, 48, 52, 56, 60, 64), 4, 7);
        }
        List<Descriptor> fds = type == 12 || type == 13
                ? List.of(new Descriptor(20, random.nextInt(modelSide.count() + 2)))
                : List.of();
        return new Call(0, attr, length(80), List.of(), fds, true, List.of());
    }

    /** Mostly the whole union; sometimes as much as the command needs, or a little more. */
    private int length(int needed) {
        return once(10) ? needed : Attr.BYTES;
    }

    private byte[] key(MapSpec spec) {
        byte[] key = new byte[spec.keySize()];
        if (key.length > 0) {
            key[0] = (byte) random.nextInt(once(10) ? 40 : 5);
        }
        return key;
    }

    private @Nullable Buffer keyBuffer(int offset, MapSpec spec) {
        if (once(25)) {
            return new Buffer(offset, new byte[0], false);
        }
        return spec.keySize() == 0 ? null : new Buffer(offset, key(spec), false);
    }

    private long flags() {
        return once(3) ? of(0, 1, 2, 3, 4, 8, 1 << 30) : 0;
    }

    private byte[] value(MapSpec spec, int size) {
        byte[] value = new byte[size];
        switch (spec.type()) {
            case PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS -> LittleEndian.put(value, 0, 4, Side.CLOSED);
            default -> random.nextBytes(value);
        }
        return value;
    }

    private Call element(Command command, int index, MapSpec spec, int valueSize) {
        byte[] attr = new byte[Attr.BYTES];
        List<Buffer> buffers = new ArrayList<>();
        Buffer key = keyBuffer(8, spec);
        if (key != null) {
            buffers.add(key);
        }
        boolean reads = command == Command.MAP_LOOKUP_ELEM || command == Command.MAP_LOOKUP_AND_DELETE_ELEM;
        if (command != Command.MAP_DELETE_ELEM) {
            boolean reference = spec.type() == MapType.ARRAY_OF_MAPS || spec.type() == MapType.HASH_OF_MAPS;
            byte[] value = once(25) || valueSize == 0
                    ? new byte[0]
                    : reads ? new byte[valueSize] : value(spec, valueSize);
            buffers.add(new Buffer(16, value, reads && !reference));
            LittleEndian.put(attr, 24, 8, flags());
        } else if (once(10)) {
            LittleEndian.put(attr, 24, 8, 1);
        }
        return new Call(command.number(), attr, Attr.BYTES, buffers, List.of(new Descriptor(0, index)), false,
                List.of());
    }

    private Call nextKey(int index, MapSpec spec) {
        boolean ordered = switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY, PROG_ARRAY, ARRAY_OF_MAPS -> true;
            default -> false;
        };
        List<Buffer> buffers = new ArrayList<>();
        if (ordered && !once(3)) {
            buffers.add(new Buffer(8, key(spec), false));
        }
        buffers.add(new Buffer(16, new byte[Math.max(1, spec.keySize())], ordered));
        return new Call(Command.MAP_GET_NEXT_KEY.number(), new byte[Attr.BYTES], Attr.BYTES, buffers,
                List.of(new Descriptor(0, index)), false, List.of());
    }

    private static Call simple(Command command, int index) {
        return new Call(command.number(), new byte[Attr.BYTES], Attr.BYTES, List.of(),
                List.of(new Descriptor(0, index)), false, List.of());
    }

    /** Type, sizes, entries, flags and name; the id is the kernel's own. */
    private Call info(int index) {
        byte[] attr = new byte[Attr.BYTES];
        int length = of(0, 4, 24, 40, 88, 88, 88);
        LittleEndian.put(attr, 4, 4, length);
        return new Call(Command.OBJ_GET_INFO_BY_FD.number(), attr, Attr.BYTES,
                List.of(new Buffer(8, new byte[Math.max(4, length)], 4)),
                List.of(new Descriptor(0, index)), false, List.of(4));
    }

    private Call batch(Command command, int index, MapSpec spec, int valueSize) {
        boolean reads = command == Command.MAP_LOOKUP_BATCH || command == Command.MAP_LOOKUP_AND_DELETE_BATCH;
        boolean array = spec.type() == MapType.ARRAY || spec.type() == MapType.PERCPU_ARRAY;
        // A bucket is in no place that both know, so that a hash is read as a whole.
        int count = reads ? array ? of(0, 1, 2, 40) : of(0, 64) : of(0, 1, 2, 3);
        byte[] attr = new byte[Attr.BYTES];
        LittleEndian.put(attr, 32, 4, count);
        LittleEndian.put(attr, 40, 8, once(10) ? of(1, 4, 8) : 0);
        LittleEndian.put(attr, 48, 8, once(20) ? 1 : 0);
        byte[] keys = new byte[Math.max(1, Math.max(count, 64) * spec.keySize())];
        byte[] values = new byte[Math.max(1, Math.max(count, 64) * valueSize)];
        if (!reads) {
            for (int i = 0; i < count; i++) {
                System.arraycopy(key(spec), 0, keys, i * spec.keySize(), spec.keySize());
                System.arraycopy(value(spec, valueSize), 0, values, i * valueSize, valueSize);
            }
        }
        List<Buffer> buffers = new ArrayList<>();
        if (array && reads && once(3)) {
            buffers.add(new Buffer(0, key(spec), false));
        }
        buffers.add(new Buffer(8, new byte[Math.max(8, spec.keySize())], array && reads));
        // What is deleted and can not be handed out is lost: the first bucket, which is another one on each kernel.
        boolean mayFault = command != Command.MAP_LOOKUP_AND_DELETE_BATCH;
        buffers.add(new Buffer(16, mayFault && once(30) ? new byte[0] : keys, array && reads));
        buffers.add(new Buffer(24, mayFault && once(30) ? new byte[0] : values, array && reads));
        return new Call(command.number(), attr, Attr.BYTES, buffers, List.of(new Descriptor(36, index)), false,
                List.of(32));
    }
}
