package org.bpfz.spec.bpf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.bpfz.spec.Bytes;

/**
 * The attributes of a command: union bpf_attr of Linux 6.12 (include/uapi/linux/bpf.h), a record for each of its structures. A component's
 * place in the union is its {@link At}; its size is that of its type. The last component is the command's last field: all bytes behind it must
 * be zero (CHECK_ATTR in kernel/bpf/syscall.c).
 *
 * <p>Numbers are unsigned in the kernel; pointers are addresses in {@link UserMemory}, 0 for none.
 */
public sealed interface Attr {
    /** sizeof(union bpf_attr). */
    int BYTES = 152;

    /** Where a component lies. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface At {
        /** The offset of its first byte. */
        int value();

        /** How many bytes, for a component that is {@link Bytes}. */
        int size() default 0;
    }

    /** BPF_MAP_CREATE. */
    record MapCreate(@At(0) int mapType, @At(4) int keySize, @At(8) int valueSize, @At(12) int maxEntries,
            @At(16) int mapFlags, @At(20) int innerMapFd, @At(24) int numaNode,
            @At(value = 28, size = 16) Bytes mapName, @At(44) int mapIfindex, @At(48) int btfFd,
            @At(52) int btfKeyTypeId, @At(56) int btfValueTypeId, @At(60) int btfVmlinuxValueTypeId,
            @At(64) long mapExtra, @At(72) int valueTypeBtfObjFd, @At(76) int mapTokenFd) implements Attr {
        /** A map without name and types. */
        public static MapCreate of(int type, int keySize, int valueSize, int maxEntries, int flags) {
            return new MapCreate(type, keySize, valueSize, maxEntries, flags, 0, 0, Bytes.zero(NAME_BYTES), 0, 0, 0, 0,
                    0, 0, 0, 0);
        }
    }

    /** The length of names, with the zero behind (BPF_OBJ_NAME_LEN). */
    int NAME_BYTES = 16;

    /** BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM and BPF_MAP_LOOKUP_AND_DELETE_ELEM. */
    record Element(@At(0) int mapFd, @At(8) long key, @At(16) long value, @At(24) long flags) implements Attr {}

    /** BPF_MAP_DELETE_ELEM. */
    record Key(@At(0) int mapFd, @At(8) long key) implements Attr {}

    /** BPF_MAP_GET_NEXT_KEY. */
    record NextKey(@At(0) int mapFd, @At(8) long key, @At(16) long nextKey) implements Attr {}

    /** BPF_MAP_FREEZE. */
    record Freeze(@At(0) int mapFd) implements Attr {}

    /** The four batch commands; {@code count} is in and out. */
    record Batch(@At(0) long inBatch, @At(8) long outBatch, @At(16) long keys, @At(24) long values, @At(32) int count,
            @At(36) int mapFd, @At(40) long elemFlags, @At(48) long flags) implements Attr {}

    /** BPF_PROG_LOAD; {@code logTrueSize} is out. */
    record ProgLoad(@At(0) int progType, @At(4) int insnCnt, @At(8) long insns, @At(16) long license,
            @At(24) int logLevel, @At(28) int logSize, @At(32) long logBuf, @At(40) int kernVersion,
            @At(44) int progFlags, @At(value = 48, size = 16) Bytes progName, @At(64) int progIfindex,
            @At(68) int expectedAttachType, @At(72) int progBtfFd, @At(76) int funcInfoRecSize,
            @At(80) long funcInfo, @At(88) int funcInfoCnt, @At(92) int lineInfoRecSize, @At(96) long lineInfo,
            @At(104) int lineInfoCnt, @At(108) int attachBtfId, @At(112) int attachProgFd, @At(116) int coreReloCnt,
            @At(120) long fdArray, @At(128) long coreRelos, @At(136) int coreReloRecSize,
            @At(140) int logTrueSize, @At(144) int progTokenFd) implements Attr {}

    /** BPF_OBJ_PIN and BPF_OBJ_GET. */
    record Obj(@At(0) long pathname, @At(8) int bpfFd, @At(12) int fileFlags, @At(16) int pathFd) implements Attr {}

    /** BPF_PROG_ATTACH and BPF_PROG_DETACH. */
    record ProgAttach(@At(0) int targetFd, @At(4) int attachBpfFd, @At(8) int attachType, @At(12) int attachFlags,
            @At(16) int replaceBpfFd, @At(20) int relativeFd, @At(24) long expectedRevision) implements Attr {}

    /** BPF_PROG_TEST_RUN; {@code retval}, the sizes out and {@code duration} are out. */
    record TestRun(@At(0) int progFd, @At(4) int retval, @At(8) int dataSizeIn, @At(12) int dataSizeOut,
            @At(16) long dataIn, @At(24) long dataOut, @At(32) int repeat, @At(36) int duration,
            @At(40) int ctxSizeIn, @At(44) int ctxSizeOut, @At(48) long ctxIn, @At(56) long ctxOut,
            @At(64) int flags, @At(68) int cpu, @At(72) int batchSize) implements Attr {}

    /** The commands that go on to the next id, which is out. */
    record NextId(@At(0) int startId, @At(4) int nextId) implements Attr {}

    /** BPF_PROG_GET_FD_BY_ID, BPF_BTF_GET_FD_BY_ID and BPF_LINK_GET_FD_BY_ID. */
    record FdById(@At(0) int id) implements Attr {}

    /** BPF_MAP_GET_FD_BY_ID. */
    record MapFdById(@At(0) int id, @At(4) int nextId, @At(8) int openFlags) implements Attr {}

    /** BPF_OBJ_GET_INFO_BY_FD; {@code infoLen} is in and out. */
    record Info(@At(0) int bpfFd, @At(4) int infoLen, @At(8) long info) implements Attr {}

    /** BPF_PROG_QUERY. */
    record ProgQuery(@At(0) int targetFd, @At(4) int attachType, @At(8) int queryFlags, @At(12) int attachFlags,
            @At(16) long progIds, @At(24) int progCnt, @At(32) long progAttachFlags, @At(40) long linkIds,
            @At(48) long linkAttachFlags, @At(56) long revision) implements Attr {}

    /** BPF_RAW_TRACEPOINT_OPEN. */
    record RawTracepoint(@At(0) long name, @At(8) int progFd, @At(16) long cookie) implements Attr {}

    /** BPF_BTF_LOAD; {@code btfLogTrueSize} is out. */
    record BtfLoad(@At(0) long btf, @At(8) long btfLogBuf, @At(16) int btfSize, @At(20) int btfLogSize,
            @At(24) int btfLogLevel, @At(28) int btfLogTrueSize, @At(32) int btfFlags,
            @At(36) int btfTokenFd) implements Attr {}

    /** BPF_TASK_FD_QUERY. */
    record TaskFdQuery(@At(0) int pid, @At(4) int fd, @At(8) int flags, @At(12) int bufLen, @At(16) long buf,
            @At(24) int progId, @At(28) int fdType, @At(32) long probeOffset, @At(40) long probeAddr)
            implements
                Attr {}

    /**
     * BPF_LINK_CREATE.
     *
     * @param detail the union that hangs on the attach type, up to uprobe_multi.pid
     */
    record LinkCreate(@At(0) int progFd, @At(4) int targetFd, @At(8) int attachType, @At(12) int flags,
            @At(value = 16, size = 44) Bytes detail) implements Attr {
        /** A link with nothing in the union. */
        public static LinkCreate of(int progFd, int targetFd, int attachType) {
            return new LinkCreate(progFd, targetFd, attachType, 0, Bytes.zero(44));
        }
    }

    /** BPF_LINK_UPDATE. */
    record LinkUpdate(@At(0) int linkFd, @At(4) int newProgFd, @At(8) int flags, @At(12) int oldProgFd)
            implements
                Attr {}

    /** BPF_LINK_DETACH. */
    record LinkDetach(@At(0) int linkFd) implements Attr {}

    /** BPF_ENABLE_STATS. */
    record EnableStats(@At(0) int type) implements Attr {}

    /** BPF_ITER_CREATE. */
    record IterCreate(@At(0) int linkFd, @At(4) int flags) implements Attr {}

    /** BPF_PROG_BIND_MAP. */
    record ProgBindMap(@At(0) int progFd, @At(4) int mapFd, @At(8) int flags) implements Attr {}

    /** BPF_TOKEN_CREATE. */
    record TokenCreate(@At(0) int flags, @At(4) int bpffsFd) implements Attr {}
}
