package org.bpfz.verifier.call;

import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** The numbers of the helpers that have a rule of their own beyond their prototype (enum bpf_func_id). */
final class HelperId {
    static final int MAP_LOOKUP_ELEM = 1;
    static final int MAP_UPDATE_ELEM = 2;
    static final int MAP_DELETE_ELEM = 3;
    static final int GET_SMP_PROCESSOR_ID = 8;
    static final int TAIL_CALL = 12;
    static final int GET_STACKID = 27;
    static final int REDIRECT_MAP = 51;
    static final int OVERRIDE_RETURN = 58;
    static final int GET_STACK = 67;
    static final int PROBE_READ_STR = 45;
    static final int GET_LOCAL_STORAGE = 81;
    static final int SK_LOOKUP_TCP = 84;
    static final int SK_LOOKUP_UDP = 85;
    static final int SK_RELEASE = 86;
    static final int MAP_PUSH_ELEM = 87;
    static final int MAP_POP_ELEM = 88;
    static final int MAP_PEEK_ELEM = 89;
    static final int SPIN_LOCK = 93;
    static final int SPIN_UNLOCK = 94;
    static final int SK_FULLSOCK = 95;
    static final int TCP_SOCK = 96;
    static final int SKC_LOOKUP_TCP = 99;
    static final int PROBE_READ_USER_STR = 114;
    static final int PROBE_READ_KERNEL_STR = 115;
    static final int RINGBUF_RESERVE = 131;
    static final int SKC_TO_TCP6_SOCK = 136;
    static final int SKC_TO_TCP_SOCK = 137;
    static final int SKC_TO_TCP_TIMEWAIT_SOCK = 138;
    static final int SKC_TO_TCP_REQUEST_SOCK = 139;
    static final int SKC_TO_UDP6_SOCK = 140;
    static final int GET_TASK_STACK = 141;
    static final int PER_CPU_PTR = 153;
    static final int THIS_CPU_PTR = 154;
    static final int FOR_EACH_MAP_ELEM = 164;
    static final int SNPRINTF = 165;
    static final int TIMER_SET_CALLBACK = 170;
    static final int GET_FUNC_IP = 173;
    static final int FIND_VMA = 180;
    static final int LOOP = 181;
    static final int KPTR_XCHG = 194;
    static final int MAP_LOOKUP_PERCPU_ELEM = 195;
    static final int SKC_TO_MPTCP_SOCK = 196;
    static final int DYNPTR_FROM_MEM = 197;
    static final int DYNPTR_WRITE = 202;
    static final int DYNPTR_DATA = 203;
    static final int USER_RINGBUF_DRAIN = 209;

    private HelperId() {
    }

    /** Whether the result is a new reference (is_acquire_function). */
    static boolean acquires(int helper, @Nullable MapType map) {
        return switch (helper) {
            case SK_LOOKUP_TCP, SK_LOOKUP_UDP, SKC_LOOKUP_TCP, RINGBUF_RESERVE, KPTR_XCHG -> true;
            case MAP_LOOKUP_ELEM -> map == MapType.SOCKMAP
                    || map == MapType.SOCKHASH;
            default -> false;
        };
    }

    /** Whether the result is the argument under another type (is_ptr_cast_function). */
    static boolean casts(int helper) {
        return switch (helper) {
            case TCP_SOCK, SK_FULLSOCK, SKC_TO_TCP_SOCK, SKC_TO_TCP6_SOCK, SKC_TO_UDP6_SOCK, SKC_TO_MPTCP_SOCK,
                    SKC_TO_TCP_TIMEWAIT_SOCK, SKC_TO_TCP_REQUEST_SOCK ->
                true;
            default -> false;
        };
    }

    /** Whether a callback runs before the helper returns (is_sync_callback_calling_function). */
    static boolean callsBack(int helper) {
        return helper == FOR_EACH_MAP_ELEM || helper == FIND_VMA || helper == LOOP || helper == USER_RINGBUF_DRAIN;
    }

    /** Whether the map that is passed is remembered for the instruction (record_func_map). */
    static boolean usesMap(int helper) {
        return switch (helper) {
            case TAIL_CALL, MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_PUSH_ELEM, MAP_POP_ELEM,
                    MAP_PEEK_ELEM,
                    FOR_EACH_MAP_ELEM, REDIRECT_MAP, MAP_LOOKUP_PERCPU_ELEM ->
                true;
            default -> false;
        };
    }
}
