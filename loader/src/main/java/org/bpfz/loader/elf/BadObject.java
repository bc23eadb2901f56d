package org.bpfz.loader.elf;

/** Says why an object file can not be used; the message is one line that begins with the file's name. */
public abstract class BadObject extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** An error with the given message behind the file's name. */
    protected BadObject(String file, String message) {
        super(file + ": " + message);
        this.file = file;
    }

    /** The file's name, as it was given to the reader. */
    public String file() {
        return file;
    }
}
