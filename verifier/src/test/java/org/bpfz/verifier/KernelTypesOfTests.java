package org.bpfz.verifier;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.Linkage;

/** The types of a small kernel: the functions that the tests call, with the prototypes of 6.12. */
final class KernelTypesOfTests {
    private static final int HEADER = 24;
    private static final int POINTER = 12;
    /** {@code void *}, the first of the types. */
    private static final int MEMORY = 1;

    private final List<BtfType> types = new ArrayList<>();

    private KernelTypesOfTests() {
    }

    /** Some types, with these functions too. */
    static Btf build(String... more) {
        KernelTypesOfTests kernel = new KernelTypesOfTests();
        int number = kernel.add(new BtfType.Int("int", 4, BtfType.IntEncoding.SIGNED, 0, 32));
        int wide = kernel.add(new BtfType.Int("u64", 8, BtfType.IntEncoding.UNSIGNED, 0, 64));
        int iterator = kernel.pointerToStruct("bpf_iter_num", 8, "opaque", wide);
        int task = kernel.pointerToStruct("task_struct", 64, "pid", number);
        int taskIterator = kernel.pointerToStruct("bpf_iter_task", 24, "opaque", wide);
        kernel.function("bpf_iter_num_new", number, new Param("it", iterator), new Param("start", number),
                new Param("end", number));
        kernel.function("bpf_iter_num_next", kernel.add(new BtfType.Ptr(number)), new Param("it", iterator));
        kernel.function("bpf_iter_num_destroy", 0, new Param("it", iterator));
        kernel.function("bpf_iter_task_new", number, new Param("it", taskIterator), new Param("task__nullable", task),
                new Param("flags", number));
        kernel.function("bpf_iter_task_next", task, new Param("it", taskIterator));
        kernel.function("bpf_iter_task_destroy", 0, new Param("it", taskIterator));
        kernel.function("bpf_rcu_read_lock", 0);
        kernel.function("bpf_rcu_read_unlock", 0);
        kernel.function("bpf_preempt_disable", 0);
        kernel.function("bpf_preempt_enable", 0);
        kernel.function("bpf_task_from_pid", task, new Param("pid", number));
        kernel.function("bpf_task_acquire", task, new Param("p", task));
        kernel.function("bpf_task_release", 0, new Param("p", task));
        kernel.function("bpf_copy_from_user_str", number, new Param("dst", MEMORY), new Param("dst__sz", number),
                new Param("unsafe_ptr__ign", MEMORY), new Param("flags", wide));
        kernel.function("bpf_throw", 0, new Param("cookie", wide));
        kernel.function("printk", number);
        for (String name : more) {
            kernel.function(name, number);
        }
        ByteBuffer pointer = ByteBuffer.allocate(HEADER + POINTER + 1).order(ByteOrder.LITTLE_ENDIAN);
        pointer.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER).putInt(0).putInt(POINTER)
                .putInt(POINTER).putInt(1).putInt(0).putInt(2 << 24).putInt(0);
        return Btf.read(pointer.array(), BtfRules.KERNEL).with(Map.of(), kernel.types, BtfRules.KERNEL);
    }

    private int add(BtfType type) {
        types.add(type);
        return MEMORY + types.size();
    }

    private int pointerToStruct(String name, int size, String member, int type) {
        return add(new BtfType.Ptr(
                add(new BtfType.Struct(name, size, false, List.of(new BtfType.Member(member, type, 0, 0))))));
    }

    private void function(String name, int returned, Param... params) {
        add(new BtfType.Func(name, add(new BtfType.FuncProto(returned, List.of(params))), Linkage.STATIC));
    }
}
