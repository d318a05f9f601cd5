-- Whether a return takes points of the sale that expired or were cancelled since once more, of the member's other points.
ALTER TABLE programme ADD COLUMN return_takes_gone boolean NOT NULL DEFAULT false;
