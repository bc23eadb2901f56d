package org.bpfz.verifier.call;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.program.MapType;

/**
 * Which helpers go with which map types (check_map_func_compatibility): some map types are for some helpers only, and some helpers for
 * some map types only. A pair is refused where either table says so.
 */
final class MapCompatibility {
    /** Map types that only these helpers may be given. */
    private static final Map<MapType, Set<String>> HELPERS_OF = new EnumMap<>(MapType.class);
    /** Helpers that may be given these map types only. */
    private static final Map<String, Set<MapType>> MAPS_OF = new HashMap<>();

    static {
        forMap(MapType.PROG_ARRAY, "tail_call");
        forMap(MapType.PERF_EVENT_ARRAY, "perf_event_read", "perf_event_output", "skb_output", "perf_event_read_value",
                "xdp_output");
        forMap(MapType.RINGBUF, "ringbuf_output", "ringbuf_reserve", "ringbuf_query", "ringbuf_reserve_dynptr",
                "ringbuf_submit_dynptr", "ringbuf_discard_dynptr");
        forMap(MapType.USER_RINGBUF, "user_ringbuf_drain");
        forMap(MapType.STACK_TRACE, "get_stackid");
        forMap(MapType.CGROUP_ARRAY, "skb_under_cgroup", "current_task_under_cgroup");
        forMap(MapType.CGROUP_STORAGE, "get_local_storage");
        forMap(MapType.PERCPU_CGROUP_STORAGE, "get_local_storage");
        forMap(MapType.DEVMAP, "redirect_map", "map_lookup_elem");
        forMap(MapType.DEVMAP_HASH, "redirect_map", "map_lookup_elem");
        forMap(MapType.CPUMAP, "redirect_map");
        forMap(MapType.XSKMAP, "redirect_map", "map_lookup_elem");
        forMap(MapType.ARRAY_OF_MAPS, "map_lookup_elem");
        forMap(MapType.HASH_OF_MAPS, "map_lookup_elem");
        forMap(MapType.SOCKMAP, "sk_redirect_map", "sock_map_update", "msg_redirect_map", "sk_select_reuseport",
                "map_lookup_elem");
        forMap(MapType.SOCKHASH, "sk_redirect_hash", "sock_hash_update", "msg_redirect_hash", "sk_select_reuseport",
                "map_lookup_elem");
        forMap(MapType.REUSEPORT_SOCKARRAY, "sk_select_reuseport");
        forMap(MapType.QUEUE, "map_peek_elem", "map_pop_elem", "map_push_elem");
        forMap(MapType.STACK, "map_peek_elem", "map_pop_elem", "map_push_elem");
        forMap(MapType.SK_STORAGE, "sk_storage_get", "sk_storage_delete", "kptr_xchg");
        forMap(MapType.INODE_STORAGE, "inode_storage_get", "inode_storage_delete", "kptr_xchg");
        forMap(MapType.TASK_STORAGE, "task_storage_get", "task_storage_delete", "kptr_xchg");
        forMap(MapType.CGRP_STORAGE, "cgrp_storage_get", "cgrp_storage_delete", "kptr_xchg");
        forMap(MapType.BLOOM_FILTER, "map_peek_elem", "map_push_elem");

        forHelpers(List.of("tail_call"), MapType.PROG_ARRAY);
        forHelpers(List.of("perf_event_read", "perf_event_output", "perf_event_read_value", "skb_output", "xdp_output"),
                MapType.PERF_EVENT_ARRAY);
        forHelpers(List.of("ringbuf_output", "ringbuf_reserve", "ringbuf_query", "ringbuf_reserve_dynptr",
                "ringbuf_submit_dynptr", "ringbuf_discard_dynptr"), MapType.RINGBUF);
        forHelpers(List.of("user_ringbuf_drain"), MapType.USER_RINGBUF);
        forHelpers(List.of("get_stackid"), MapType.STACK_TRACE);
        forHelpers(List.of("current_task_under_cgroup", "skb_under_cgroup"), MapType.CGROUP_ARRAY);
        forHelpers(List.of("redirect_map"), MapType.DEVMAP, MapType.DEVMAP_HASH, MapType.CPUMAP, MapType.XSKMAP);
        forHelpers(List.of("sk_redirect_map", "msg_redirect_map", "sock_map_update"), MapType.SOCKMAP);
        forHelpers(List.of("sk_redirect_hash", "msg_redirect_hash", "sock_hash_update"), MapType.SOCKHASH);
        forHelpers(List.of("get_local_storage"), MapType.CGROUP_STORAGE, MapType.PERCPU_CGROUP_STORAGE);
        forHelpers(List.of("sk_select_reuseport"), MapType.REUSEPORT_SOCKARRAY, MapType.SOCKMAP, MapType.SOCKHASH);
        forHelpers(List.of("map_pop_elem"), MapType.QUEUE, MapType.STACK);
        forHelpers(List.of("map_peek_elem", "map_push_elem"), MapType.QUEUE, MapType.STACK, MapType.BLOOM_FILTER);
        forHelpers(List.of("map_lookup_percpu_elem"), MapType.PERCPU_ARRAY, MapType.PERCPU_HASH,
                MapType.LRU_PERCPU_HASH);
        forHelpers(List.of("sk_storage_get", "sk_storage_delete"), MapType.SK_STORAGE);
        forHelpers(List.of("inode_storage_get", "inode_storage_delete"), MapType.INODE_STORAGE);
        forHelpers(List.of("task_storage_get", "task_storage_delete"), MapType.TASK_STORAGE);
        forHelpers(List.of("cgrp_storage_get", "cgrp_storage_delete"), MapType.CGRP_STORAGE);
    }

    private MapCompatibility() {
    }

    private static void forMap(MapType map, String... helpers) {
        HELPERS_OF.put(map, Set.of(helpers));
    }

    private static void forHelpers(List<String> helpers, MapType... maps) {
        helpers.forEach(helper -> MAPS_OF.put(helper, Set.of(maps)));
    }

    /** Whether the map type is for some helpers only, of which this is none. */
    static boolean isRefusedByMap(MapType map, String helper) {
        Set<String> helpers = HELPERS_OF.get(map);
        return helpers != null && !helpers.contains(shortName(helper));
    }

    /** Whether the helper is for some map types only, of which this is none. */
    static boolean isRefusedByHelper(MapType map, String helper) {
        Set<MapType> maps = MAPS_OF.get(shortName(helper));
        return maps != null && !maps.contains(map);
    }

    private static String shortName(String helper) {
        return helper.startsWith("bpf_") ? helper.substring("bpf_".length()) : helper;
    }
}
