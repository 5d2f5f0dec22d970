-- A database for each role. They share a server here; nothing in Amends needs that.
CREATE DATABASE transfer;
CREATE DATABASE bank_a;
CREATE DATABASE bank_b;
