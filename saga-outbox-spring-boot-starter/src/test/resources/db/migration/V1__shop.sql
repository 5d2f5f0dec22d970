create table orders (id text primary key, customer text not null, amount integer not null);
create table invoice (position bigint generated always as identity, order_id text, customer text, amount integer);
create table shipment (message_id uuid, payload bytea, headers integer);
