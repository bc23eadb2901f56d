package org.bpfz.proofs.engines;

/** The name under which a template's code is lifted: a class of that name is written around what the template emits. */
final class Template {
    private Template() {
    }
}
