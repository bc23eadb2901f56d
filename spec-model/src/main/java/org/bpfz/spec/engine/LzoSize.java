package org.bpfz.spec.engine;

/** How large data gets when it is compressed: what bpf_lzo_compress asks, so that this module need not know the codec. */
@FunctionalInterface
public interface LzoSize {

    /** Bytes that lzo1x_1_compress makes of {@code length} bytes of {@code data} from {@code offset} on, or a negative error number. */
    int compressedSize(byte[] data, int offset, int length);
}
