package org.bpfz.verifier.call;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.bpfz.verifier.access.MapAccess;
import org.bpfz.verifier.state.MapObject;
import org.jspecify.annotations.Nullable;

/** Strings in maps that can't change. */
final class ConstantStrings {
    private ConstantStrings() {
    }

    /** The string at an offset of the map's only value, or null where no 0 ends it. */
    static @Nullable String at(MapObject map, int off) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = off; i < map.valueSize(); i++) {
            byte next = MapAccess.byteAt(map, i);
            if (next == 0) {
                return text.toString(StandardCharsets.ISO_8859_1);
            }
            text.write(next);
        }
        return null;
    }
}
