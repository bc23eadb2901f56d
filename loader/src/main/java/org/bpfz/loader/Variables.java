package org.bpfz.loader;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.program.MapSpec;

/** Finds the global variables of an object: those that its types place in a map of data. */
public final class Variables {
    private Variables() {
    }

    /**
     * A variable.
     *
     * @param map     the name of the map whose element 0 it is in
     * @param section that the map is of: {@code .rodata}
     * @param type    in the object's types
     * @param offset  in bytes
     * @param size    in bytes
     * @param initial what the whole map holds at first
     */
    public record Place(String name, String map, String section, int type, int offset, int size, Bytes initial) {}

    /** All of them, in the order of maps and offsets. */
    public static List<Place> of(BpfObject object) {
        Btf types = object.btf().orElse(null);
        List<Place> places = new ArrayList<>();
        if (types == null) {
            return places;
        }
        for (MapDefinition definition : object.maps()) {
            MapSpec spec = definition.spec();
            if (types.type(spec.btfValueTypeId()) instanceof BtfType.DataSec section) {
                Bytes initial = spec.initial() == null ? Bytes.zero(spec.valueSize()) : spec.initial();
                for (BtfType.SectionVar entry : section.vars()) {
                    if (types.type(entry.type()) instanceof BtfType.Var variable
                            && entry.offset() + entry.size() <= spec.valueSize()) {
                        places.add(new Place(variable.name(), spec.name(), section.name(), variable.type(),
                                (int) entry.offset(), (int) entry.size(), initial));
                    }
                }
            }
        }
        return places;
    }
}
