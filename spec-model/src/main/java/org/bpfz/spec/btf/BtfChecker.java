package org.bpfz.spec.btf;

import java.util.List;
import java.util.Locale;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Modifier;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.jspecify.annotations.Nullable;

/**
 * Refuses types that do not hang together: references to the wrong kind, cycles without a pointer to break them, chains that are
 * too long, members outside of their struct (kernel/bpf/btf.c: btf_check_all_types, the resolve and check_member of each kind,
 * btf_check_type_tags).
 *
 * <p>The walk is depth-first from each type in the order of ids. A walk looks for cycles of one of two sorts at a time, by what
 * it meets first:
 *
 * <table>
 * <caption>Where a walk ends</caption>
 * <tr><th>first met</th><th>mode</th><th>goes through</th></tr>
 * <tr><td>nothing yet</td><td>UNDECIDED</td><td>all that refers to something</td></tr>
 * <tr><td>a pointer</td><td>POINTER</td><td>pointers and modifiers</td></tr>
 * <tr><td>a struct, union or array</td><td>CONTAINER</td><td>structs, unions, arrays and modifiers</td></tr>
 * </table>
 */
final class BtfChecker {
    private enum Mode {
        UNDECIDED, POINTER, CONTAINER
    }

    private static final byte OPEN = 1;
    private static final byte DONE = 2;
    private static final long MAX_SIZE = 0xffffffffL;

    private final Btf btf;
    private final BtfRules rules;
    /** 0 for a type that no walk has met. */
    private final byte[] states;

    BtfChecker(Btf btf, BtfRules rules) {
        this.btf = btf;
        this.rules = rules;
        states = new byte[btf.endId() - btf.firstId()];
    }

    /** Throws {@link MalformedBtf} for the first thing that is wrong. */
    void check() {
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            checkReferences(id);
        }
        if (rules == BtfRules.KERNEL) {
            return;
        }
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            resolveIfNew(id, Mode.UNDECIDED, 0);
            if (btf.type(id) instanceof BtfType.FuncProto proto) {
                checkProto(id, proto);
            }
        }
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            checkTagOrder(id);
        }
    }

    private void checkReferences(int id) {
        switch (btf.type(id)) {
            case BtfType.Ptr pointer -> exists(id, pointer.target());
            case BtfType.Array array -> {
                exists(id, array.element());
                exists(id, array.index());
            }
            case Composite composite -> composite.members().forEach(member -> exists(id, member.type()));
            case Modifier modifier -> exists(id, modifier.target());
            case BtfType.Func function -> exists(id, function.proto());
            case BtfType.FuncProto proto -> {
                exists(id, proto.returned());
                proto.params().forEach(param -> exists(id, param.type()));
            }
            case BtfType.Var variable -> exists(id, variable.type());
            case BtfType.DataSec section -> section.vars().forEach(entry -> exists(id, entry.type()));
            case BtfType.DeclTag tag -> exists(id, tag.target());
            case BtfType.VoidType _,BtfType.Int _,BtfType.Enumeration _,BtfType.Fwd _,BtfType.FloatType _ -> {
            }
        }
    }

    private void exists(int id, int reference) {
        if (!btf.contains(reference)) {
            throw btf.malformed(id, "there is no type " + Integer.toUnsignedString(reference));
        }
    }

    private static boolean refers(BtfType type) {
        return switch (type) {
            case Modifier _,BtfType.Ptr _,Composite _,BtfType.Array _,BtfType.Var _,BtfType.Func _,BtfType.DataSec _,BtfType.DeclTag _ ->
                true;
            case BtfType.VoidType _,BtfType.Int _,BtfType.Enumeration _,BtfType.Fwd _,BtfType.FuncProto _,BtfType.FloatType _ ->
                false;
        };
    }

    private static boolean followed(BtfType type, Mode mode) {
        return switch (mode) {
            case UNDECIDED -> refers(type);
            case POINTER -> type instanceof Modifier || type instanceof BtfType.Ptr;
            case CONTAINER -> type instanceof Modifier || type instanceof BtfType.Array || type instanceof Composite;
        };
    }

    private boolean isDone(int id) {
        return id < btf.firstId() || states[id - btf.firstId()] == DONE;
    }

    /** Resolves what another type refers to, where the walk goes on to it; returns the mode the walk has from then on. */
    private Mode follow(int id, Mode mode, int depth) {
        return followed(btf.type(id), mode) ? resolveIfNew(id, mode, depth) : mode;
    }

    private Mode resolveIfNew(int id, Mode mode, int depth) {
        BtfType type = btf.type(id);
        if (isDone(id) || !refers(type)) {
            return mode;
        }
        if (depth == Btf.MAX_DEPTH) {
            throw btf.malformed(id, "types are nested more than " + Btf.MAX_DEPTH + " deep");
        }
        if (states[id - btf.firstId()] == OPEN) {
            throw btf.malformed(id, "the type contains itself");
        }
        states[id - btf.firstId()] = OPEN;
        Mode entered = mode != Mode.UNDECIDED ? mode : switch (type) {
            case BtfType.Ptr _ -> Mode.POINTER;
            case Composite _,BtfType.Array _ -> Mode.CONTAINER;
            default -> Mode.UNDECIDED;
        };
        Mode left = resolve(id, type, entered, depth + 1);
        states[id - btf.firstId()] = DONE;
        return left;
    }

    private Mode resolve(int id, BtfType type, Mode mode, int depth) {
        return switch (type) {
            case BtfType.Ptr pointer -> resolvePointer(id, pointer, mode, depth);
            case Modifier modifier -> resolveModifier(id, modifier, mode, depth);
            case BtfType.Array array -> resolveArray(id, array, mode, depth);
            case Composite composite -> resolveComposite(id, composite, mode, depth);
            case BtfType.Var variable -> resolveVar(id, variable, mode, depth);
            case BtfType.DataSec section -> resolveSection(id, section, depth);
            case BtfType.Func function -> {
                checkFunction(id, function);
                yield mode;
            }
            case BtfType.DeclTag tag -> resolveTag(id, tag, mode, depth);
            case BtfType.VoidType _,BtfType.Int _,BtfType.Enumeration _,BtfType.Fwd _,BtfType.FuncProto _,BtfType.FloatType _ ->
                mode;
        };
    }

    /** Variables, sections and declaration tags are referred to by nothing but sections and tags. */
    private void notDeclaration(int id, int reference) {
        BtfType type = btf.type(reference);
        if (type instanceof BtfType.Var || type instanceof BtfType.DataSec || type instanceof BtfType.DeclTag) {
            throw btf.malformed(id, "refers to type " + reference + ", which is a declaration");
        }
    }

    private Mode resolvePointer(int id, BtfType.Ptr pointer, Mode mode, int depth) {
        notDeclaration(id, pointer.target());
        Mode now = follow(pointer.target(), mode, depth);
        now = followPointerBehind(pointer.target(), now, depth);
        sizedOrPointedTo(id, pointer.target());
        return now;
    }

    private Mode resolveModifier(int id, Modifier modifier, Mode mode, int depth) {
        notDeclaration(id, modifier.target());
        Mode now = follow(modifier.target(), mode, depth);
        sizedOrPointedTo(id, modifier.target());
        return now;
    }

    /** A modifier that was resolved inside of a container stopped at a pointer: a walk for pointers goes on from there. */
    private Mode followPointerBehind(int reference, Mode mode, int depth) {
        if (!(btf.type(reference) instanceof Modifier)) {
            return mode;
        }
        int behind = btf.skipModifiers(reference);
        return btf.type(behind) instanceof BtfType.Ptr ? follow(behind, mode, depth) : mode;
    }

    private void sizedOrPointedTo(int id, int reference) {
        // A function that was walked before counts as its type (btf_type_id_resolve): the order of the ids decides.
        boolean legal = switch (btf.resolved(reference)) {
            case BtfType.VoidType _,BtfType.Fwd _,BtfType.FuncProto _ -> true;
            case BtfType.Func _ -> isDone(reference);
            case BtfType behind -> hasSize(behind);
        };
        if (!legal) {
            throw btf.malformed(id, "can not stand for type " + reference);
        }
    }

    private static boolean hasSize(BtfType type) {
        return type instanceof BtfType.Sized || type instanceof BtfType.Array || type instanceof BtfType.Ptr;
    }

    private Mode resolveArray(int id, BtfType.Array array, Mode mode, int depth) {
        checkContained(id, array.index(), "the index");
        Mode now = follow(array.index(), mode, depth);
        if (!(btf.resolved(array.index()) instanceof BtfType.Int index) || !index.regular()) {
            throw btf.malformed(id, "the index is no plain integer");
        }
        checkContained(id, array.element(), "the element");
        now = follow(array.element(), now, depth);
        BtfType element = btf.resolved(array.element());
        if (!hasSize(element) || (element instanceof BtfType.Int integer && !integer.regular())) {
            throw btf.malformed(id, "elements that no array can have");
        }
        long size = btf.sizeOf(array.element());
        if (array.count() != 0 && size > MAX_SIZE / array.count()) {
            throw btf.malformed(id, "an array of 4 GiB or more");
        }
        return now;
    }

    /** What arrays and structs contain has a size of its own. */
    private void checkContained(int id, int reference, String what) {
        switch (btf.type(reference)) {
            case BtfType.VoidType _,BtfType.Fwd _,BtfType.Func _,BtfType.FuncProto _,BtfType.DeclTag _,BtfType.Var _,BtfType.DataSec _ ->
                throw btf.malformed(id, what + " is of type " + reference + ", which can not be contained");
            default -> {
            }
        }
    }

    private Mode resolveComposite(int id, Composite composite, Mode mode, int depth) {
        Mode now = mode;
        for (int i = 0; i < composite.members().size(); i++) {
            Member member = composite.members().get(i);
            checkContained(id, member.type(), "member " + i);
            now = follow(member.type(), now, depth);
            @Nullable
            String reason = MemberRule.violation(btf, composite, member);
            if (reason != null) {
                throw btf.malformed(id,
                        "member " + i + (member.name().isEmpty() ? "" : " '" + member.name() + "'") + " "
                                + reason);
            }
        }
        return now;
    }

    private Mode resolveVar(int id, BtfType.Var variable, Mode mode, int depth) {
        notDeclaration(id, variable.type());
        Mode now = follow(variable.type(), mode, depth);
        now = followPointerBehind(variable.type(), now, depth);
        BtfType behind = btf.resolved(variable.type());
        boolean untypedExtern = variable.linkage() == Linkage.EXTERN
                && (behind instanceof BtfType.VoidType || behind instanceof BtfType.Fwd);
        if (!hasSize(behind) && !untypedExtern) {
            throw btf.malformed(id, "a variable of a type without a size");
        }
        return now;
    }

    private Mode resolveSection(int id, BtfType.DataSec section, int depth) {
        checkSectionLayout(id, section);
        for (SectionVar entry : section.vars()) {
            BtfType type = btf.type(entry.type());
            boolean externFunction = rules == BtfRules.OBJECT && type instanceof BtfType.Func;
            if (!(type instanceof BtfType.Var) && !externFunction) {
                throw btf.malformed(id, "type " + entry.type() + " in a section is no variable");
            }
            // The kernel asks for enough room only if it has not just walked the variable's type (btf_datasec_resolve).
            boolean known = isDone(entry.type());
            follow(entry.type(), Mode.UNDECIDED, depth);
            if (known && type instanceof BtfType.Var variable && variable.linkage() != Linkage.EXTERN
                    && entry.size() < btf.sizeOf(entry.type())) {
                throw btf.malformed(id, "variable '" + variable.name() + "' has less room than its type needs");
            }
        }
        return Mode.UNDECIDED;
    }

    private void checkSectionLayout(int id, BtfType.DataSec section) {
        if (section.size() == 0) {
            if (rules == BtfRules.OBJECT) {
                return;
            }
            throw btf.malformed(id, "a section of 0 bytes");
        }
        long end = 0;
        List<SectionVar> vars = section.vars();
        for (int i = 0; i < vars.size(); i++) {
            SectionVar entry = vars.get(i);
            boolean outside = entry.offset() < end || entry.offset() >= section.size() || entry.size() == 0
                    || entry.offset() + entry.size() > section.size();
            if (outside) {
                throw btf.malformed(id,
                        String.format(Locale.ROOT, "entry %d (%d bytes at %d) overlaps or is outside", i,
                                entry.size(), entry.offset()));
            }
            end = entry.offset() + entry.size();
        }
    }

    private void checkFunction(int id, BtfType.Func function) {
        if (!(btf.type(function.proto()) instanceof BtfType.FuncProto proto)) {
            throw btf.malformed(id, "a function whose type is none");
        }
        if (rules == BtfRules.OBJECT) {
            return;
        }
        for (int i = 0; i < proto.params().size(); i++) {
            if (proto.params().get(i).name().isEmpty() && proto.params().get(i).type() != 0) {
                throw btf.malformed(id, "parameter " + i + " has no name");
            }
        }
    }

    private void checkProto(int id, BtfType.FuncProto proto) {
        if (proto.returned() != 0) {
            checkPassed(id, proto.returned(), "the result");
        }
        int count = proto.params().size() - (proto.variadic() ? 1 : 0);
        for (int i = 0; i < count; i++) {
            checkPassed(id, proto.params().get(i).type(), "parameter " + i);
        }
    }

    private void checkPassed(int id, int reference, String what) {
        notDeclaration(id, reference);
        resolveIfNew(reference, Mode.UNDECIDED, 0);
        if (!hasSize(btf.resolved(reference))) {
            throw btf.malformed(id, what + " has no size");
        }
    }

    private Mode resolveTag(int id, BtfType.DeclTag tag, Mode mode, int depth) {
        BtfType target = btf.type(tag.target());
        int components = switch (target) {
            case BtfType.Var _,BtfType.Typedef _ -> 0;
            case Composite composite -> composite.members().size();
            case BtfType.Func function ->
                btf.type(function.proto()) instanceof BtfType.FuncProto proto ? proto.params().size() : 0;
            default -> throw btf.malformed(id, "a tag on type " + tag.target() + ", which can not have one");
        };
        Mode now = follow(tag.target(), mode, depth);
        if (tag.component() >= components) {
            throw btf.malformed(id, "a tag on component " + tag.component() + " of " + components);
        }
        return now;
    }

    /** Type tags come before all other modifiers of a chain. */
    private void checkTagOrder(int id) {
        boolean inTags = btf.type(id) instanceof BtfType.TypeTag;
        int current = id;
        while (btf.type(current) instanceof Modifier modifier) {
            if (!(modifier instanceof BtfType.TypeTag)) {
                inTags = false;
            } else if (!inTags) {
                throw btf.malformed(id, "a type tag behind another modifier");
            }
            if (current != id && current < id) {
                break;
            }
            current = modifier.target();
        }
    }
}
