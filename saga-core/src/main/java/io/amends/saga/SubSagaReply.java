package io.amends.saga;

/** How a {@link SubSaga} ended; an {@link OnReply} method may take it. */
public sealed interface SubSagaReply extends Reply
        permits SubSagaCompleted, SubSagaCompensated, SubSagaRefused, SubSagaUndone {}
