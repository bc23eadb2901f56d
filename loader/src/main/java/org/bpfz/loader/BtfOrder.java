package org.bpfz.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.MalformedBtf;

/**
 * Finds an order of definitions: a type comes behind all that it contains (btf_dump_order_type in tools/lib/bpf/btf_dump.c). What it only points
 * to may come later, since a struct that is pointed to can be declared; a typedef can not, unless what it stands for is known already.
 */
final class BtfOrder {
    /** More than any compiler nests. */
    static final int MAX_DEPTH = 1000;

    /** Ten times what a kernel's types need: anonymous types in anonymous types may come to text without end. */
    static final int MAX_STEPS = 5_000_000;

    /** How far a type has come. */
    private enum Stage {
        NEW, OPEN, DONE
    }

    private final Btf btf;
    private final Stage[] stages;
    private final boolean[] referenced;
    private List<Integer> found = new ArrayList<>();
    private int depth;

    BtfOrder(Btf btf) {
        this.btf = btf;
        stages = new Stage[btf.endId()];
        Arrays.fill(stages, Stage.NEW);
        stages[0] = Stage.DONE;
        referenced = new boolean[btf.endId()];
        for (int id = 1; id < btf.endId(); id++) {
            markReferences(btf.type(id));
        }
    }

    private void markReferences(BtfType type) {
        switch (type) {
            case BtfType.Ptr pointer -> referenced[pointer.target()] = true;
            case BtfType.Modifier modifier -> referenced[modifier.target()] = true;
            case BtfType.Array array -> {
                referenced[array.element()] = true;
                referenced[array.index()] = true;
            }
            case Composite composite -> composite.members().forEach(member -> referenced[member.type()] = true);
            case BtfType.FuncProto proto -> proto.params().forEach(param -> referenced[param.type()] = true);
            case BtfType.Func function -> referenced[function.proto()] = true;
            case BtfType.Var variable -> referenced[variable.type()] = true;
            case BtfType.DataSec section -> section.vars().forEach(entry -> referenced[entry.type()] = true);
            case BtfType.DeclTag tag -> referenced[tag.target()] = true;
            default -> {
            }
        }
    }

    /** The types that are to be defined next so that this one can be used, in their order; each is told once. */
    List<Integer> upTo(int id) {
        found = new ArrayList<>();
        visit(id, false);
        return found;
    }

    /**
     * Goes through a type.
     *
     * @param pointed whether there is a pointer between it and what is to be defined
     * @return whether its definition is needed where it is used, and not only its name
     */
    private boolean visit(int id, boolean pointed) {
        if (stages[id] == Stage.DONE) {
            return true;
        }
        BtfType type = btf.type(id);
        if (stages[id] == Stage.OPEN) {
            if (type instanceof Composite && pointed && !type.name().isEmpty()) {
                return false;
            }
            throw new MalformedBtf(0, "type " + id + " '" + type.name() + "' contains itself");
        }
        if (++depth > MAX_DEPTH) {
            throw new MalformedBtf(0, "type " + id + " is nested too deeply to be printed");
        }
        boolean strong = visit(id, type, pointed);
        depth--;
        return strong;
    }

    private boolean visit(int id, BtfType type, boolean pointed) {
        return switch (type) {
            case BtfType.Ptr pointer -> {
                boolean strong = visit(pointer.target(), true);
                stages[id] = Stage.DONE;
                yield strong;
            }
            case BtfType.Array array -> visit(array.element(), false);
            case Composite composite -> {
                if (pointed && !composite.name().isEmpty()) {
                    yield false;
                }
                stages[id] = Stage.OPEN;
                composite.members().forEach(member -> visit(member.type(), false));
                if (!composite.name().isEmpty()) {
                    found.add(id);
                }
                stages[id] = Stage.DONE;
                yield true;
            }
            case BtfType.Enumeration _,BtfType.Fwd _ -> {
                if (!type.name().isEmpty() || !referenced[id]) {
                    found.add(id);
                }
                stages[id] = Stage.DONE;
                yield true;
            }
            case BtfType.Typedef typedef -> {
                boolean strong = visit(typedef.target(), pointed);
                if (pointed && !strong) {
                    yield false;
                }
                found.add(id);
                stages[id] = Stage.DONE;
                yield true;
            }
            case BtfType.Modifier modifier -> visit(modifier.target(), pointed);
            case BtfType.FuncProto proto -> {
                boolean strong = visit(proto.returned(), pointed);
                for (BtfType.Param param : proto.params()) {
                    strong |= visit(param.type(), pointed);
                }
                yield strong;
            }
            case BtfType.Int _,BtfType.FloatType _,BtfType.Func _,BtfType.Var _,BtfType.DataSec _,BtfType.DeclTag _,BtfType.VoidType _ -> {
                stages[id] = Stage.DONE;
                yield false;
            }
        };
    }
}
