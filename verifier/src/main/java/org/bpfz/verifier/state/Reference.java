package org.bpfz.verifier.state;

/**
 * An acquired object that has to be released (struct bpf_reference_state).
 *
 * @param slot          the instruction that acquired it
 * @param callbackFrame the frame of the callback that acquired it, 0 outside of callbacks
 */
public record Reference(int id, int slot, int callbackFrame) {}
