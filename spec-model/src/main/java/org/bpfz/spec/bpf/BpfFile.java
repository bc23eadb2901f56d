package org.bpfz.spec.bpf;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.map.BpfMap;
import org.jspecify.annotations.Nullable;

/** What a descriptor is of. Each lives as long as a descriptor, a pin or another object holds it. */
sealed interface BpfFile {
    /** Its number among its kind, from 1. */
    int id();

    /** A map. */
    record OfMap(int id, BpfMap map, Bytes name, @Nullable OfBtf types, int keyType, int valueType)
            implements
                BpfFile {}

    /** Types. */
    record OfBtf(int id, Btf btf, Bytes data) implements BpfFile {
        /** Whether ids mean the same in both: a map may have been made by another load of the same object. */
        boolean hasSameTypes(OfBtf other) {
            return data.equals(other.data);
        }
    }

    /** A program, with the maps that it was loaded with or that were bound to it. */
    final class OfProgram implements BpfFile {
        private final int id;
        private final Executable executable;
        private final Attr.ProgLoad loaded;
        private final Bytes code;
        private final @Nullable OfBtf types;
        private final int verified;
        private final List<OfMap> maps;

        OfProgram(int id, Executable executable, Attr.ProgLoad loaded, Bytes code, @Nullable OfBtf types, int verified,
                List<OfMap> maps) {
            this.id = id;
            this.executable = executable;
            this.loaded = loaded;
            this.code = code;
            this.types = types;
            this.verified = verified;
            this.maps = new ArrayList<>(maps);
        }

        @Override
        public int id() {
            return id;
        }

        Executable executable() {
            return executable;
        }

        /** The attributes that it was loaded with. */
        Attr.ProgLoad loaded() {
            return loaded;
        }

        /** Its instructions as they were given, with maps by descriptor. */
        Bytes code() {
            return code;
        }

        @Nullable
        OfBtf types() {
            return types;
        }

        /** How many instructions the verifier has looked at. */
        int verified() {
            return verified;
        }

        List<OfMap> maps() {
            return maps;
        }
    }

    /** A link; detached when nothing holds it any longer. */
    record OfLink(int id, OfProgram program, AttachPoints.Place place, Runnable detach) implements BpfFile {}

    /** A perf event, which is no object of bpf(2) but can be a link's target. */
    record OfEvent(int id, AttachPoints.Place place) implements BpfFile {}
}
