package org.bpfz.spec.map;

import java.util.List;
import org.bpfz.spec.Bytes;

/** A ring buffer as user space sees it beyond bpf(2): the records that it finds in the mapped pages. */
public interface BpfRingBuffer extends BpfMap {

    /** Takes all records up to the first one that is reserved and not yet submitted; discarded ones are left out. */
    List<Bytes> consume();
}
