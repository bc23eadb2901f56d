package org.bpfz.loader.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;

/** A kernel's types, indexed by their names without flavours: who could be meant by a type of an object? Immutable. */
public final class CoreTarget {
    private final Btf types;
    private final Map<String, List<Integer>> byName = new HashMap<>();

    /** The types of a kernel, or of one of its modules on top of them. */
    public CoreTarget(Btf types) {
        this.types = types;
        for (int id = 1; id < types.endId(); id++) {
            String name = types.type(id).name();
            if (!name.isEmpty() && !(types.type(id) instanceof BtfType.DeclTag)) {
                byName.computeIfAbsent(CoreNames.essential(name), _ -> new ArrayList<>()).add(id);
            }
        }
    }

    /** The types. */
    public Btf types() {
        return types;
    }

    /** The ids of all types of a kind and name, whatever the flavour of either, lowest first (bpf_core_add_cands). */
    List<Integer> candidates(BtfType local) {
        return byName.getOrDefault(CoreNames.essential(local.name()), List.of()).stream()
                .filter(id -> CoreTypes.sameKind(types.type(id), local)).toList();
    }
}
