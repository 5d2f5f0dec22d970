package io.amends.dashboard.verbs;

/** The order needs a second person; nothing was done. */
public final class ApprovalNeededException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ApprovalNeededException(String verb) {
        super(
                "'%s' needs a second person here. Ask for it, and let somebody else approve: nobody can approve what they asked for."
                        .formatted(verb));
    }
}
