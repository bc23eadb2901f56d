package org.bpfz.lzo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever is compressed comes back, by either format. */
class RoundTripProperties {
    private final WorkMemory work = new WorkMemory();

    @Property(tries = 300)
    void lzo1xReturnsWhatItWasGiven(@ForAll @Size(max = 3000) byte[] data) throws MalformedInputException {
        byte[] stream = new byte[Lzo1x.maxCompressedLength(data.length)];
        int written = Lzo1x.compress(data, 0, data.length, stream, 0, work);
        byte[] back = new byte[data.length];
        assertEquals(data.length, Lzo1x.decompress(Arrays.copyOf(stream, written), 0, written, back, 0, back.length));
        assertArrayEquals(data, back);
    }

    @Property(tries = 300)
    void lzoRleReturnsWhatItWasGiven(@ForAll @Size(max = 3000) byte[] data) throws MalformedInputException {
        byte[] stream = new byte[LzoRle.maxCompressedLength(data.length)];
        int written = LzoRle.compress(data, 0, data.length, stream, 0, work);
        byte[] back = new byte[data.length];
        assertEquals(data.length, LzoRle.decompress(Arrays.copyOf(stream, written), 0, written, back, 0, back.length));
        assertArrayEquals(data, back);
    }
}
