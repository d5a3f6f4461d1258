"""What readers may type: questions that need urgent help, and questions that do not."""

URGENT = """
I have had a crushing pain in my chest for ten minutes, what should I do?
My chest feels really tight and my left arm is numb
Dad says there is a heavy weight on his chest and he is sweating
is it a heart attack? I think I'm having one
She just collapsed and won't wake up
my husband passed out at the table
I can't breathe properly
i cant breath
He cannot breathe and his lips are turning blue
My daughter is struggling for breath after her inhaler
I suddenly became so short of breath that I can't finish a sentence
my toddler is choking on a grape
My mother's asthma attack is not getting better with her inhaler
I coughed up blood this morning
Her face is drooping on one side
my wife's speech is slurred since lunch
Suddenly I can’t lift my right arm
Grandad went weak down one side
I lost the sight in one eye suddenly
I think he's having a stroke
My tongue is swelling after eating peanuts
Her throat is closing up after a bee sting
severe allergic reaction to penicillin, hives all over and difficulty breathing
I used my EpiPen, do I still need to go in?
anaphylaxis what do I do
I want to kill myself
I'm suicidal
i dont want to be alive any more
My son says he wants to die
Everyone would be better off without me
I keep cutting myself
thinking about ending my life
I took too many paracetamol last night
my friend has overdosed
He swallowed a whole box of tablets
Child drank bleach what now
my 2 year old swallowed a button battery
I accidentally took a double dose of my insulin
I think we have carbon monoxide poisoning
she ate some wild mushrooms and is sick
The bleeding won't stop after my operation
He is bleeding heavily from his leg
I am vomiting blood
my poo is black and tarry
I'm 30 weeks pregnant and bleeding
Pregnant with a terrible headache and flashing lights in my vision
My baby has stopped moving, I am 34 weeks
heavy bleeding after giving birth
My child has a rash that does not fade under a glass
stiff neck and fever and the light hurts her eyes
worried this could be meningitis
Signs of sepsis? he is shivering and confused with a fever
I am on chemotherapy and have a temperature of 38.5
the worst headache of my life came on suddenly
My 6 week old baby has a fever
newborn with a temperature of 38.2
Our baby is floppy and won't feed
my 2-month-old is very hot, 39 degrees fever
My son is having a seizure right now
She hit her head and has been vomiting since
he got an electric shock from a socket
Sudden severe pain in my testicle
sudden unbearable stomach pain
I cannot pee at all and it is very painful
Numb between my legs and back pain
my diabetic brother is confused and his sugar is very low
She has high ketones and keeps being sick
My husband strangled me last night
I was raped yesterday
No chest pain, but is it dangerous?
J'ai une overdose
there's an elephant sitting on my chest
I get pressure behind my breastbone when I walk and it won't go away
my heart is racing and I nearly fainted
she isn't breathing
he is turning blue
I feel like I am suffocating
my lips have gone blue
something is stuck in his throat and he can't cough
my left side has gone numb
Mum is talking gibberish since this morning
he can't smile properly, one side of his mouth hangs
I had double vision all of a sudden
bee sting and now my throat feels tight
I don't see the point anymore
I have been having thoughts of ending it all
I want it all to be over
I self harm
My teenager took a handful of sleeping pills
I drank antifreeze by mistake
took my tablets twice today by accident
toddler ate dishwasher tablet
swallowed a magnet
blood is pouring from my nose and doesn't stop
coughing up blood
I have been passing blood clots and I'm 10 weeks pregnant
my waters broke at 30 weeks
baby hasn't moved all day, 36 weeks pregnant
I had a baby last week and I have a terrible headache
my son's rash doesn't disappear when I press a glass on it
fever, stiff neck and sensitive to light
my 3 week old has a temperature of 38.5
infant is breathing very fast and grunting
baby is limp and won't wake
My child had a fit for the first time
fell off a ladder and hit his head, now confused
I burned my hand with acid
bone is sticking out
my testicle suddenly hurts a lot
worst pain of my life in my tummy
diabetic, vomiting, high ketones
my blood sugar is 2.1 and I'm shaking and confused
my boyfriend beats me
I think I have sepsis
neutropenic fever after chemo
can't feel my legs and can't wee
leg is swollen and I am short of breath
severe pain in one eye and I see halos
snake bit me
carbon monoxide alarm went off and I have a headache
I inhaled chlorine gas
my dad has tightness across the chest going into his neck
pain in my chest when breathing in since yesterday's flight
i think my wife has had a heart attack
My grandmother is unresponsive
I've been breathless at rest since this morning
the asthma pump is not working anymore
he is gasping for air
I woke up and can't move my right leg
sudden weakness on the left
she suddenly can't find her words
his face looks crooked
my eyes went blind for a minute
after the wasp sting my lips are swelling
I am feeling suicidal
I don't want to be here anymore
I want to hurt myself
he tried to hang himself
my friend took an overdose of paracetamol
I gave my baby too much medicine
my dog's pills were eaten by my toddler
I swallowed bleach
Wound will not stop bleeding
vomit looks like coffee grounds
I'm pregnant and having severe stomach cramps
spotting blood at 8 weeks pregnant
I can't feel my baby kick today
my little girl has a purple rash and a fever
two month old with 38.4 fever
our newborn refuses to drink
he had a seizure that lasted 6 minutes
I was knocked unconscious playing rugby
chemical splashed in my eye
sudden thunderclap headache
tearing pain in my back and chest
twisted testicle pain
type 1 diabetic vomiting and breathing fast
my husband choked me
I was sexually assaulted
temperature of 39 while on chemotherapy
numbness around my bottom and I can't pass urine
Ich habe Angst, anaphylaktisch... ANAPHYLAXIS!
I took 30 paracetamol
I swallowed 20 ibuprofen an hour ago
took 40 tablets of metformin
double dose of warfarin
took my warfarin twice
I wanna die
i want to kill my self
i dont wanna live anymore
SUICIDE
I cut my wrists
I plan to jump off a bridge
waters broke
contractions at 28 weeks
my baby is 3 weeks and has a temp of 39
fainted
blacked out
my heart hurts
she is not waking up
blood is coming out of my scar and it will not stop
my glucose is 450 and I feel sick
vomitting blood
having a siezure
heart atack
chestpain
i feel suicidle
I have taken 16 paracetemol tablets
he took ten sleeping tablets
my heart is hurting
cant breath propperly
I fainted this morning
my water broke
baby temperature 39 and 5 weeks old
I slit my wrists
jumped off a bridge
took two doses of digoxin by mistake
my sugar is 500 and i keep throwing up
I want to end my life now
unconcious
I am bleading heavily
anaphilaxis
""".strip().splitlines()

HARMLESS = """
What are lymph nodes?
How long does a sentinel node biopsy take?
What is the difference between a benign and a malignant tumour?
Can I drive after a lymph node biopsy?
What does stage 3 mean?
How is carcinoid syndrome diagnosed?
Which foods should I avoid with carcinoid syndrome?
Do I have to stop my blood thinners before the biopsy?
Will I have a scar?
What is lymphoedema and how can I prevent it?
Can I wear a compression sleeve at night?
How soon can I swim after the operation?
Is the blue dye safe?
How many lymph nodes are there in the body?
What is type 2 diabetes?
How is high blood pressure treated?
What are the side effects of metformin?
Is asthma inherited?
Can I take ibuprofen with antihistamines?
How long is a cold infectious?
What vaccines does my baby need?
When do babies start to crawl?
How do I lower my cholesterol?
What does a thyroid test show?
Is it safe to exercise during pregnancy?
What can I eat in pregnancy?
How many weeks does a pregnancy last?
What is a normal body temperature?
How do I take a child's temperature?
Is migraine hereditary?
What helps against a mild headache?
My back aches after gardening, which exercises help?
How much water should I drink a day?
How do I remove a splinter?
Which doctor treats hay fever?
What is the outlook for people with breast cancer?
Who is at risk of osteoporosis?
How often should I have an eye test?
What is a blood count?
How do I prepare for a colonoscopy?
Can stress cause hair loss?
What is the best treatment for eczema?
Are there support groups for people with lymphoma?
How does radiotherapy work?
What happens at a follow-up appointment?
When will I get the results of my biopsy?
What does the pathologist look at?
Can lymph nodes grow back?
Is massage dangerous for people with cancer?
My ankles are a bit puffy in the evening, is that normal in hot weather?
What is the recommended dose of vitamin D?
Should I get a second opinion?
How do vaccines work?
What is the difference between CT and MRI?
How is anaemia treated?
Which sports are good for arthritis?
Can children have a sentinel node biopsy?
How do I store insulin?
What does chemotherapy cost?
How long do stitches stay in?
Is it normal to feel tired after surgery?
Can I fly two weeks after an operation?
How do I clean my hearing aid?
What is a healthy weight for my height?
Does smoking affect wound healing?
Why do lymph nodes swell with a sore throat?
Can I take a bath with a dressing?
What is genetic counselling?
How do I explain cancer to my children?
What do the letters N1 and M0 mean?
What causes palpitations?
How is a heart attack treated in hospital?
How common is stroke?
What is anaphylaxis?
Does chemo always cause hair loss?
Is bleeding after a smear test normal?
How can I improve my breathing when I run?
Why do babies cry?
When does morning sickness stop in pregnancy?
Which painkiller is best for back pain?
How do I treat a small burn?
What are the symptoms of meningitis?
Can I take paracetamol and ibuprofen together?
How much insulin do I need to store for a trip?
What is a fit note?
My knee hurts when I climb stairs
I feel tired all the time
My throat is sore
I have a mild rash on my arm
My period is late
How to stop a nosebleed?
What is the recovery like after a head operation?
How long does a bruise last?
What is the normal blood sugar?
Is it safe to fly when pregnant?
Can I donate blood?
How do I talk to my child about death?
Where can I find a support group for abuse survivors?
What does shortness of breath mean in heart failure?
Is suicide more common in men?
What is a pacemaker?
Can coffee cause palpitations?
How is asthma diagnosed?
Are inhalers safe for children?
What is the life expectancy after a stroke?
What are antihistamines?
Which foods contain nuts?
How do antidepressants work?
Can I drink alcohol with antibiotics?
What is the maximum dose of vitamin C?
How long should I press on a cut?
Is spotting between periods normal?
When can my baby eat solid food?
What vaccines are given against meningitis?
Why does my baby have hiccups?
How long does a fever last with flu?
What is epilepsy?
Can I exercise with a broken toe?
What is a concussion?
How do I avoid back pain at work?
Do I need to fast before a blood test?
What does HbA1c mean?
How do I check my blood sugar?
What is the treatment for kidney stones?
Is shingles contagious?
How do I get rid of head lice?
My ears feel blocked after flying
How can I lose weight safely?
What is physiotherapy?
Can I take my contact lenses out after eye surgery?
will my pee turn blue
Will the blue dye stay in my skin?
How many paracetamol can I take in a day?
Can I take 2 paracetamol with my tablets?
I take 500 mg metformin twice a day
what if I miss a dose of warfarin
is warfarin taken once or twice a day
can I jump on a trampoline
how long should I take 5 mg apixaban
I took 1 paracetamol
I took 2 ibuprofen for my headache
I took ibuprofen 400 mg
took my tablets for 30 days
What are contractions of the heart
Does walking hurt the heart
my heart rate is 60
does glucose of 5.5 mean diabetes
when do waters usually break
what causes fainting
Is a stroke volume of 70 ml normal
how is epilepsy diagnosed
chestnut allergy in food
will my stool turn green
What is assisted dying law
the scar bleeds a little
do I need to stop eating before surgery
can my baby of 3 weeks swim
does the blue dye make me pale
""".strip().splitlines()
