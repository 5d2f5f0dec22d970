/** Tests of a saga class as a conversation, without Spring, database, broker or waiting. */
@NullMarked
package io.amends.test.saga;

import org.jspecify.annotations.NullMarked;
