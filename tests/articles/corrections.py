"""Pairs of texts, old | new: what may go through as a correction, and what has to be refused as one."""

REFUSED = """
Their docter agrees.|Their doctor agrees.
The surgey helps.|The surgery helps.
The knes hurt badly and swell|The knees hurt badly and swell
The stomache hurts.|The stomach hurts.
It is importent.|It is important.
It happend again.|It happened again.
Take it qid.|Take it bid.
It is usafe.|It is safe.
It is usafe.|It is unsafe.
An ireversible loss.|A reversible loss.
The iresectable node.|The resectable node.
It is usuitable.|It is suitable.
The miximum rises.|The minimum rises.
The miximum rises.|The maximum rises.
The nterior part.|The interior part.
Some kiligrams less.|Some kilograms less.
The ilum is cut.|The ileum is cut.
The ilum is cut.|The ilium is cut.
The uretral orifice.|The ureteral orifice.
The uretral orifice.|The urethral orifice.
Give nitrte now.|Give nitrate now.
Give nitrte now.|Give nitrite now.
The perneal nerve.|The peroneal nerve.
Take aspirin at night, in the morning take water.|Take aspirin at night in the morning, take water.
Do it rarely, often it hurts.|Do it rarely often, it hurts.
Treat, with care children.|Treat with care, children.
Do this more, often slowly.|Do this, more often slowly.
Hepatitis B B cells.|Hepatitis B cells.
The drug is nsafe in pregnancy.|The drug is safe in pregnancy.
A nstable angina is seen.|A stable angina is seen.
It is neffective.|It is effective.
A bnormal liver.|A normal liver.
It is ncontrolled.|It is controlled.
The rregular pulse.|The regular pulse.
The ntreated arm.|The treated arm.
An mmature cell.|A mature cell.
It is nsuitable.|It is suitable.
Give quinidne now.|Give quinine now.
Give prednisolne now.|Give prednisone now.
Give aspirin if fever persists, give ibuprofen too.|Give aspirin, if fever persists give ibuprofen too.
Take the tablets if unwell, see a doctor.|Take the tablets, if unwell see a doctor.
Patients who smoke should rest.|Patients, who smoke, should rest.
Rest, when it hurts call.|Rest when it hurts, call.
2 tablets|2 ½ tablets
2 tablets|2 ½tablets
Take 2 tablets.|Take 2½ tablets.
Take 1 tablet.|Take 1¾ tablet.
Take ½ tablet.|Take ¼ tablet.
10² cells|10³ cells
Take 2 tablets.|Take 2² tablets.
Give ① dose.|Give ② dose.
Give the dose.|Give ① dose.
Stage Ⅳ disease.|Stage Ⅴ disease.
Factor Ⅷ is given.|Factor Ⅸ is given.
Take ٢ tablets.|Take ٣ tablets.
Take 5 mg.|Take ５0 mg.
Take 5 mg.|Take 𝟓0 mg.
CO₂ rises.|CO₃ rises.
A ratio of 1:2 is used.|A ratio of 2:1 is used.
Take 10–20 mg.|Take 20–10 mg.
Take 10–20 mg.|Take 10\u200f–20 mg.
Take 10–20 mg.|Take 10\u061c–20 mg.
A ratio of 1:2.|A ratio of 1\u200f:2.
Take 10\u202d mg.|Take 10 mg.
Take 50 mg.|Take 50\u0338 mg.
Take 50 mg.|Take 50\u0336 mg.
Take 50 mg.|Take 5\u20e00 mg.
Take the dose.|Take the\u0336 dose.
Take 50 mg.|Take 5\u200b0 mg.
Take 50 mg.|Take 5 0 mg.
Take 5 mg.|Take .5 mg.
Take 0.5 mg.|Take 05 mg.
Take 1,000 mg.|Take 1.000 mg.
Take 1,000 mg.|Take 1000 mg.
Take 10 000 units.|Take 10,000 units.
Take 5 mg.|Take -5 mg.
Take 5 mg.|Take ±5 mg.
If > 5 then stop.|If < 5 then stop.
If ≥ 5 then rest.|If > 5 then rest.
Take 5 mg.|Take 5 µg.
Take 5 mg.|Take 5 mcg.
Take 5 mg.|Take 5 g.
Take 5 ml.|Take 5 dl.
Above 5 mmol/L.|Above 5 nmol/L.
Take 5% cream.|Take 5‰ cream.
Keep at 5 °C.|Keep at 5 °F.
Take 5, 10 mg.|Take 5 10 mg.
After 5 days rest.|After 5 days, rest.
For 5-7 days.|For 5–7 days.
Rest -5 degrees.|Rest –5 degrees.
Take 2 tablests.|Take 2 tablets.
Take 2 tablets.|Take 2 tables.
Wait four hours.|Wait for hours.
Wait for hours.|Wait four hours.
Take three tablets.|Take there tablets.
Take it once.|Take it ounce.
Take it twice.|Take it thrice.
Take it daily.|Take it dally.
The first dose.|The fist dose.
A tenth of it.|A tent of it.
A sixth part.|A sixty part.
Ninety people.|Nineteen people.
Fourteen people.|Forty people.
Give a double dose.|Give a single dose.
Take ten ten tablets.|Take ten tablets.
Stage II disease.|Stage III disease.
Stage IV disease.|Stage VI disease.
Take prednisone now.|Take prednisolone now.
Take prednisolone now.|Take prednisone now.
Give quinine now.|Give quinidine now.
Give quinidine now.|Give quinine now.
The ileum is seen.|The ilium is seen.
The ilium is seen.|The ileum is seen.
They stop at night.|They step at night.
They step down.|They stop down.
A lower dose.|A slower dose.
A slower drip.|A lower drip.
Nitrate is given.|Nitrite is given.
The nitrite test.|The nitrate test.
The left arm.|The lift arm.
They lift the arm.|They left the arm.
Hydralazine helps.|Hydroxyzine helps.
Clonidine helps.|Clonazepam helps.
Cefazolin helps.|Cefoxitin helps.
Chlorpromazine helps.|Chlorpropamide helps.
Dopamine helps.|Dobutamine helps.
Ephedrine helps.|Epinephrine helps.
Sulfadiazine helps.|Sulfasalazine helps.
Vinblastine helps.|Vincristine helps.
Cyclosporine helps.|Cycloserine helps.
Penicillamine helps.|Penicillin helps.
Amlodipine helps.|Amiloride helps.
Tramadol helps.|Trazodone helps.
Metformin helps.|Metronidazole helps.
Glipizide helps.|Glyburide helps.
Lamotrigine helps.|Lamivudine helps.
Losartan helps.|Valsartan helps.
Fluoxetine helps.|Fluvoxamine helps.
Carbamazepine helps.|Oxcarbazepine helps.
Rifampicin helps.|Rifaximin helps.
Morphine helps.|Hydromorphone helps.
Codeine helps.|Cocaine helps.
Atenolol helps.|Albuterol helps.
Use Losec here.|Use Lasix here.
Use Celebrex here.|Use Celexa here.
Use Zantac here.|Use Xanax here.
Use Lamictal here.|Use Lamisil here.
Treat hypertension.|Treat hypotension.
Treat hyperkalaemia.|Treat hypokalaemia.
Hyperglycemia is seen.|Hypoglycemia is seen.
An intermuscular drug.|An intramuscular drug.
The drail is out.|The drain is out.
Intrathecal use.|Intrathoracic use.
An increased dose.|A decreased dose.
Test abduction now.|Test adduction now.
The afferent vessel.|The efferent vessel.
The perineal nerve.|The peroneal nerve.
The ureter is seen.|The urethra is seen.
Mucous is seen.|Mucus is seen.
The aural route.|The oral route.
The oral route.|The aural route.
Palpation helps.|Palpitation helps.
Dysphagia is seen.|Dysphasia is seen.
Macroscopic blood.|Microscopic blood.
Antenatal care.|Antinatal care.
Supine is best.|Prone is best.
It is possible.|It is impossible.
It is safe.|It is unsafe.
It is typical.|It is atypical.
A febrile child.|An afebrile child.
A symptomatic man.|An asymptomatic man.
An active form.|An inactive form.
A regular pulse.|An irregular pulse.
They are affected.|They are effected.
Proceed with care.|Precede with care.
Sever pain is seen.|Severe pain is seen.
A board view.|A broad view.
The cast is dry.|The cost is dry.
From the form.|Form the from.
A tumor grows.|A tumour grows.
Do not stop. Take more.|Do not. Stop. Take more.
Do not stop. Take more.|Do not stop, take more.
Do not stop taking it.|Do not, stop taking it.
Do not stop it.|Do not stop, it.
It is not safe.|It is now safe.
It is now safe.|It is not safe.
Do not drive.|Do drive.
You cannot drive.|You can drive.
No, rest is needed.|No rest is needed.
No rest is needed.|No, rest is needed.
Never, drive at night.|Never drive at night.
Take it with food.|Take it without food.
It isn’t safe.|It is safe.
It can’t be safe.|It can be safe.
Dont stop it.|Don't stop it.
None of them is safe.|One of them is safe.
Nor is it safe.|Or is it safe.
Do not not stop.|Do not stop.
Rest unless it hurts.|Rest until it hurts.
Avoid driving at night.|Avoid, driving at night.
Stop eating and rest.|Stop, eating and rest.
Take it only at night.|Take it, only at night.
They do not relpy soon.|They do not reply soon.
Rest well.|Rest well
Rest well|Rest well.
Rest. Eat well.|Rest eat well.
Rest; eat well.|Rest, eat well.
Rest: eat well.|Rest eat well.
Rest?|Rest!
Rest (at home).|Rest at home.
Rest and/or eat.|Rest and or eat.
Rest … then eat.|Rest then eat.
Rest.|Rest. Eat.
Take it.|Take it now.
Take it now.|Take it.
Rest and eat.|Eat and rest.
Rest or eat.|Rest and eat.
In the morning.|In the evening.
The mRNA is read.|The tRNA is read.
Raised LDL levels.|Raised HDL levels.
An α-blocker helps.|A β-blocker helps.
The pH is low.|The PH is low.
It helps us now.|It helps US now.
People with aids.|People with AIDS.
Come in may.|Come in May.
A sip of tea.|A zip of tea.
Take it at home.|Take it at hame.
Recieve teh pill.|Receive the pill.
They recieve teh pill.|They receive the pill.
They recieve. They recieve.|They receive. They recieve.
They recieve it.|They recive it.
They recieve it.|They xqzwv it.
They recieve it.|They believe it.
A hypetension.|A hypertension.
Mr Smyht said so.|Mr Smith said so.
Use the Abcdx pump.|Use the Abcde pump.
Well-known signs.|Wellknown signs.
An x ray.|An x-ray.
A re cover.|A recover.
The patients arm.|The patient's arm.
Its arm.|It's arm.
Email me @home.|Email me home.
Cost is $ here.|Cost is £ here.
A & B.|A and B.
It is a* sign.|It is a sign.
Give vitamin K.|Give vitamin D.
Give vitamin B.|Give vitamin E.
Type A blood.|Type B blood.
Type I error.|Type l error.
"""

PASSED = """
They recieve it.|They receive it.
An occurence is rare.|An occurrence is rare.
It is neccessary.|It is necessary.
The tretment helps.|The treatment helps.
A seperate room.|A separate room.
They definately rest.|They definitely rest.
The hypertenson is mild.|The hypertension is mild.
A succesful test.|A successful test.
The enviroment matters.|The environment matters.
It ocurred again.|It occurred again.
They reccommend it.|They recommend it.
The diagnossis is clear.|The diagnosis is clear.
Many symptomms fade.|Many symptoms fade.
The pateints rest.|The patients rest.
A comon sign.|A common sign.
The begining is slow.|The beginning is slow.
The goverment pays.|The government pays.
They acheive it.|They achieve it.
It is beleived so.|It is believed so.
It is usualy mild.|It is usually mild.
The immunne system works.|The immune system works.
A swolen node.|A swollen node.
The hopsital is near.|The hospital is near.
The muscels relax.|The muscles relax.
A diferent way.|A different way.
They expereince pain.|They experience pain.
The infromation helps.|The information helps.
The temprature rises.|The temperature rises.
An emergancy room.|An emergency room.
The abdomminal wall.|The abdominal wall.
The vaccinne helps.|The vaccine helps.
The treatement helps.|The treatment helps.
The tempertaure rises.|The temperature rises.
The temperture rises.|The temperature rises.
Resperatory rest.|Respiratory rest.
The the node swells.|The node swells.
A test of of blood.|A test of blood.
They rest and and eat.|They rest and eat.
It is is mild.|It is mild.
After surgery rest.|After surgery, rest.
After surgery, rest.|After surgery rest.
However it heals.|However, it heals.
In most people it heals.|In most people, it heals.
Skin, bone, and blood.|Skin, bone and blood.
Rest, and eat.|Rest and eat.
The "sentinel" node.|The “sentinel” node.
The 'sentinel' node.|The ‘sentinel’ node.
The “sentinel” node.|The "sentinel" node.
The sentinel node.|The “sentinel” node.
The “sentinel” node.|The sentinel node.
The patient's arm.|The patient’s arm.
The patient’s arm.|The patient's arm.
A node - a gland - swells.|A node – a gland – swells.
A node — a gland — swells.|A node – a gland – swells.
A well–known sign.|A well-known sign.
rest well.|Rest well.
The Node swells.|The node swells.
Many People rest.|Many people rest.
The lymph Gland swells.|The lymph gland swells.
A node\u00a0swells.|A node swells.
Rest\u00a0and eat.|Rest and eat.
The µ-opioid way.|The μ-opioid way.
"""


def pairs(rows: str) -> list[tuple[str, str]]:
    """Return the pairs; a character that no editor shows is written by its number."""
    lines = rows.strip().split("\n")
    return [tuple(side.encode("ascii", "backslashreplace").decode("unicode_escape") for side in line.split("|"))
            for line in lines]  # fmt: skip
