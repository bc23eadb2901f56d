package org.bpfz.spec.bpf;

import org.jspecify.annotations.Nullable;

/** The commands of bpf(2) in Linux 6.12 (enum bpf_cmd), with the form of their attributes and how far the model goes. */
public enum Command {
    MAP_CREATE(0, Attr.MapCreate.class),
    MAP_LOOKUP_ELEM(1, Attr.Element.class),
    MAP_UPDATE_ELEM(2, Attr.Element.class),
    MAP_DELETE_ELEM(3, Attr.Key.class),
    MAP_GET_NEXT_KEY(4, Attr.NextKey.class),
    PROG_LOAD(5, Attr.ProgLoad.class),
    OBJ_PIN(6, Attr.Obj.class),
    OBJ_GET(7, Attr.Obj.class),
    PROG_ATTACH(8, Attr.ProgAttach.class),
    PROG_DETACH(9, Attr.ProgAttach.class),
    PROG_TEST_RUN(10, Attr.TestRun.class),
    PROG_GET_NEXT_ID(11, Attr.NextId.class),
    MAP_GET_NEXT_ID(12, Attr.NextId.class),
    PROG_GET_FD_BY_ID(13, Attr.FdById.class),
    MAP_GET_FD_BY_ID(14, Attr.MapFdById.class),
    OBJ_GET_INFO_BY_FD(15, Attr.Info.class),
    PROG_QUERY(16, Attr.ProgQuery.class),
    RAW_TRACEPOINT_OPEN(17, Attr.RawTracepoint.class),
    BTF_LOAD(18, Attr.BtfLoad.class),
    BTF_GET_FD_BY_ID(19, Attr.FdById.class),
    TASK_FD_QUERY(20, Attr.TaskFdQuery.class),
    MAP_LOOKUP_AND_DELETE_ELEM(21, Attr.Element.class),
    MAP_FREEZE(22, Attr.Freeze.class),
    BTF_GET_NEXT_ID(23, Attr.NextId.class),
    MAP_LOOKUP_BATCH(24, Attr.Batch.class),
    MAP_LOOKUP_AND_DELETE_BATCH(25, Attr.Batch.class),
    MAP_UPDATE_BATCH(26, Attr.Batch.class),
    MAP_DELETE_BATCH(27, Attr.Batch.class),
    LINK_CREATE(28, Attr.LinkCreate.class),
    LINK_UPDATE(29, Attr.LinkUpdate.class),
    LINK_GET_FD_BY_ID(30, Attr.FdById.class),
    LINK_GET_NEXT_ID(31, Attr.NextId.class),
    ENABLE_STATS(32, Attr.EnableStats.class),
    ITER_CREATE(33, Attr.IterCreate.class),
    LINK_DETACH(34, Attr.LinkDetach.class),
    PROG_BIND_MAP(35, Attr.ProgBindMap.class),
    TOKEN_CREATE(36, Attr.TokenCreate.class);

    private static final Command[] BY_NUMBER = values();

    private final int number;
    private final Class<? extends Attr> form;

    Command(int number, Class<? extends Attr> form) {
        this.number = number;
        this.form = form;
    }

    /** The first argument of bpf(2). */
    public int number() {
        return number;
    }

    /** The form of the command's attributes. */
    public Class<? extends Attr> form() {
        return form;
    }

    /** The enumerator of include/uapi/linux/bpf.h: {@code BPF_MAP_CREATE}. */
    public String kernelName() {
        return "BPF_" + name();
    }

    /** The command with the number, or null where there is none. */
    public static @Nullable Command of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
