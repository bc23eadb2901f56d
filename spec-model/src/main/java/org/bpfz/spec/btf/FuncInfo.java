package org.bpfz.spec.btf;

/**
 * Says which function begins at an instruction (struct bpf_func_info).
 *
 * @param slot   8-byte slots from the start of the section or program
 * @param typeId of a {@link BtfType.Func}, unless the object lies
 */
public record FuncInfo(int slot, int typeId) {
    /** The same, that many slots later. */
    public FuncInfo moved(int slots) {
        return new FuncInfo(slot + slots, typeId);
    }
}
